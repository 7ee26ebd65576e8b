import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withRecord } from '../tape/withRecord.js';
import { linearizeComposition } from './linearizeComposition.js';

/**
 * G v = Jᵀ H_z J v, with J = ∂z/∂w and H_z the Hessian of the loss in the outputs: the part of the Hessian that is there
 * for a model linear in its parameters.
 *
 * - Cost: 7/3 of a gradient. For several v of the same weights `linearizeComposition` takes 1, and then 4/3 each.
 *
 * @param outputs what the loss is a function of, as a rule the logits.
 * @param params variables, or other tensors that `outputs` reads.
 * @param v shaped like the parameters.
 * @returns tensors shaped like the parameters; the caller owns them. Nothing else is left.
 * @throws RangeError if `v` has other shapes; Error if a kernel cannot be differentiated twice, naming it, and while tfjs
 * records a gradient.
 * @see Schraudolph 2002, Fast Curvature Matrix-Vector Products
 *
 * @example
 * const crossEntropy = ([z]) => tf.losses.softmaxCrossEntropy(labels, z);
 * const gv = gaussNewton(() => [tf.matMul(x, w)], crossEntropy, [w], [v]);
 */
export const gaussNewton = (
  outputs: () => Tensor[],
  outputLoss: (outputs: readonly Tensor[]) => Scalar,
  params: readonly Tensor[],
  v: readonly Tensor[],
): Tensor[] => withRecord(linearizeComposition(outputs, outputLoss, params), (record) => record.gaussNewton(v));
