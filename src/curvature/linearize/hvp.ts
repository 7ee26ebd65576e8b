import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withRecord } from '../tape/withRecord.js';
import { linearizeGradient } from './linearizeGradient.js';

/**
 * H v, with H the Hessian of the loss in the parameters: exact, and zero where the loss does not read a parameter.
 *
 * - Cost: 3 gradients. For several v of the same weights `linearizeGradient` takes 1, and then 2 each.
 *
 * @param params variables, or other tensors that `loss` reads.
 * @param v shaped like the parameters.
 * @returns tensors shaped like the parameters; the caller owns them. Nothing else is left.
 * @throws RangeError if `v` has other shapes; Error if a kernel cannot be differentiated twice, naming it, and while tfjs
 * records a gradient.
 * @see Pearlmutter 1994, Fast Exact Multiplication by the Hessian
 *
 * @example
 * const [hv] = hvp(() => tf.sum(tf.pow(w, 3)), [w], [tf.ones(w.shape)]); // 6 w
 */
export const hvp = (loss: () => Scalar, params: readonly Tensor[], v: readonly Tensor[]): Tensor[] =>
  withRecord(linearizeGradient(loss, params), (record) => record.hvp(v));
