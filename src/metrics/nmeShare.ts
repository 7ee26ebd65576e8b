import type { Probe } from '../core/watching.js';
import { type SamplingOptions, sampledProbe } from './sampledProbe.js';

/**
 * `nme.share` = ‖H − G‖_F / ‖H‖_F, how much of the Hessian is the nonlinear modelling error; v of random signs.
 *
 * 0 where the network is linear in its weights, or fits every example of a squared error. It may exceed 1, since NME and G
 * may cancel; NaN where H = 0. Both norms see the same directions, and the standard error is that of their ratio (delta
 * method).
 *
 * Cost: as `hessianTrace`, with which record and samples are shared. Needs outputs.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   or the conditions are not sound.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export const nmeShare = (options: SamplingOptions = {}): Probe =>
  sampledProbe(
    'nmeShare',
    { quantity: 'nme.share', needsOutputs: true, read: (traces) => [[traces.share(), {}]] },
    options,
  );
