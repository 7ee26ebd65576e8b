import type { Probe } from '../core/watching.js';
import { type TraceOptions, traceProbe } from './traceProbe.js';

/**
 * `nme.trace` = tr(H − G), the trace of the nonlinear modelling error Σ_k (∂ℓ/∂z_k) ∇²z_k; of either sign.
 *
 * H and G see the same directions, so that the noise they share cancels. 0 for a network that is piecewise linear in
 * each of its weights, such as one of ReLUs.
 *
 * Cost: as `hessianTrace`, with which record and samples are shared. Needs outputs.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   by is unknown, or the conditions are not sound.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export const nmeTrace = (options: TraceOptions = {}): Probe => traceProbe('nmeTrace', 'nme.trace', 'nme', options);
