import type { Probe } from '../core/watching.js';
import { type SamplingOptions, sampledProbe } from './sampledProbe.js';

/**
 * `nme.norm` = ‖H − G‖_F = (E ‖(H − G) v‖²)^½, the size of the nonlinear modelling error; v of random signs.
 *
 * The standard error is that of the mean square over 2 nme.norm (delta method).
 *
 * Cost: as `hessianTrace`, with which record and samples are shared. Needs outputs.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   or the conditions are not sound.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export const nmeNorm = (options: SamplingOptions = {}): Probe =>
  sampledProbe('nmeNorm', { quantity: 'nme.norm', needsOutputs: true, read: ({ nme }) => [[nme!.norm, {}]] }, options);
