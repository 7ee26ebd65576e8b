import type { Tensor } from '@tensorflow/tfjs-core';
import { withRecord } from '../tape/withRecord.js';
import { linearizeOutputs } from './linearizeOutputs.js';

/**
 * J v, with J = ∂z/∂w the Jacobian of the outputs in the parameters.
 *
 * - Cost: 5/3 of a gradient. For several v of the same weights `linearizeOutputs` takes 1, and then 2/3 each.
 *
 * @param params variables, or other tensors that `outputs` reads.
 * @param v shaped like the parameters.
 * @returns tensors shaped like the outputs; the caller owns them. Nothing else is left.
 * @throws RangeError if `v` has other shapes; Error if a kernel cannot be differentiated twice, naming it, and while tfjs
 * records a gradient.
 *
 * @example
 * const [slope] = jvp(() => [tf.tanh(w)], [w], [tf.ones(w.shape)]);
 */
export const jvp = (outputs: () => Tensor[], params: readonly Tensor[], v: readonly Tensor[]): Tensor[] =>
  withRecord(linearizeOutputs(outputs, params), (record) => record.jvp(v));
