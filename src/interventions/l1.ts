import { addN, mul, type Scalar, sign, sum, type Variable } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { chosen } from './chosen.js';
import { penaltyOf } from './penalty.js';

/** What {@link l1} takes. */
export interface L1Options {
  /** Which parameters are held sparse. Default all of them; for kernels alone: `(param) => param.rank > 1`. */
  readonly only?: (param: Variable) => boolean;
}

/**
 * Holds the weights sparse: the sum of their sizes as a penalty.
 *
 *     L(w) + λ ‖w‖₁,  whose gradient is ∇L(w) + λ sign(w)
 *
 * A weight at 0 is left there, by sign(0) = 0; the gradient of `abs` in tfjs would take −1.
 *
 * - Cost: no further gradient evaluation.
 * - Reports: `penalty.l1` = λ ‖w‖₁.
 *
 * @throws RangeError if strength is negative or not finite; at the first step, if `only` leaves no parameter.
 * @see Tibshirani 1996, Regression Shrinkage and Selection via the Lasso
 *
 * @example
 * instrument(model, { interventions: [l1(1e-5, { only: (param) => param.rank > 1 })] });
 */
export function l1(strength: Strength, { only }: L1Options = {}): Intervention {
  return penaltyOf('l1', 'l1', (params) => addN(chosen('l1', params, only).map(size)), strength);
}

/** ‖w‖₁ as w · sign(w), whose gradient at 0 is 0. */
const size = (w: Variable): Scalar => sum(mul(w, sign(w)));
