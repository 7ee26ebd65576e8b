import type { Probe } from '../core/watching.js';
import { type TraceOptions, traceProbe } from './traceProbe.js';

/**
 * `gauss_newton.trace` = tr G, G = Jᵀ H_z J at the logits z: the part of the Hessian that the loss bends, not the network.
 *
 * Never negative for a loss that is convex in z, nor is any sample vᵀGv.
 *
 * Cost: as `hessianTrace`, with which record and samples are shared. Needs outputs.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   by is unknown, or the conditions are not sound.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export const gaussNewtonTrace = (options: TraceOptions = {}): Probe =>
  traceProbe('gaussNewtonTrace', 'gauss_newton.trace', 'gaussNewton', options);
