import { addN, mul, type Scalar, square, sum, type Variable } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { chosen } from './chosen.js';
import { penaltyOf } from './penalty.js';

/** What {@link l2} takes. */
export interface L2Options {
  /** Which parameters are held small. Default all of them; for kernels alone: `(param) => param.rank > 1`. */
  readonly only?: (param: Variable) => boolean;
}

/**
 * Holds the weights small: half their squared norm as a penalty.
 *
 *     L(w) + (λ/2) ‖w‖²,  whose gradient is ∇L(w) + λ w
 *
 * The gradient is that of weight decay λ in stochastic gradient descent. tfjs-layers' own `l2` has no half in it: its
 * `l2: c` is λ = 2c here.
 *
 * - Cost: no further gradient evaluation.
 * - Reports: `penalty.l2` = (λ/2) ‖w‖².
 *
 * @throws RangeError if strength is negative or NaN; at the first step, if `only` leaves no parameter.
 * @see Krogh, Hertz 1991
 *
 * @example
 * instrument(model, { interventions: [sam(), l2(1e-4, { only: (param) => param.rank > 1 })] });
 */
export function l2(strength: Strength, { only }: L2Options = {}): Intervention {
  return penaltyOf('l2', 'l2', (params) => halfSquaredNorm(chosen('l2', params, only)), strength);
}

const halfSquaredNorm = (params: readonly Variable[]): Scalar =>
  mul(0.5, addN(params.map((w) => sum<Scalar>(square(w)))));
