import type { Probe } from '../core/watching.js';
import { type TraceOptions, traceProbe } from './traceProbe.js';

/**
 * `hessian.trace` = tr H of the data loss at w_t, by Hutchinson's estimator, with its standard error. With `by`, that of the
 * block of each layer or parameter, which the attribute `layer` or `parameter` names; the blocks sum to the whole.
 *
 * Cost: 1 gradient for the record; 8/3 for each sample, 2 where the loop offers no outputs. Record and samples are shared
 * with the other curvature probes of the step under the same conditions. The first of a run adds the self-check.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   by is unknown, or the conditions are not sound.
 * @see Hutchinson 1989; Yao et al. 2020, PyHessian, arXiv 1912.07145
 *
 * @example
 * instrument(model, { metrics: [[hessianTrace({ samples: 30 }), every(100)]] });
 */
export const hessianTrace = (options: TraceOptions = {}): Probe =>
  traceProbe('hessianTrace', 'hessian.trace', 'hessian', options);
