import { ones, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { atWeights } from '../../core/atWeights.js';
import { asScalar } from '../linearize/asScalar.js';
import { likeParams } from '../linearize/likeParams.js';
import type { LinearGradient } from '../linearize/linearizeGradient.js';
import { branchesOn, pathBetween, pullback } from '../tape/pullback.js';
import { recording } from '../tape/recording.js';
import { centralDifference } from './centralDifference.js';
import { slopeOf } from './slopeOf.js';

/**
 * The map w → ∇L around the weights it has now, by central differences: for what has no second derivative.
 *
 * - Cost: 1 gradient, then 2 for each product.
 * - The weights are moved within a product and put back bit for bit, also if the loss throws. Data that the loss reads
 *   must live until `dispose`.
 *
 * @throws Error if a kernel on the way has no first derivative, naming it.
 */
export function differenceGradient(loss: () => Scalar, params: readonly Variable[]): LinearGradient {
  return recording(({ record, keepOnly }) => {
    const { ys: here } = record(() => [...params]);
    const forward = record(() => [asScalar(loss())]);
    const down = pathBetween(forward.nodes, params, forward.ys);
    const backward = record(() => pullback(down, forward.ys, [ones([])], params));
    keepOnly([]);
    const gradientAt = (weights: readonly Tensor[]) => atWeights(params, weights, () => slopeOf(loss, params));
    const along = centralDifference(gradientAt, here);
    return {
      loss: forward.ys[0] as Scalar,
      grads: backward.ys,
      branches: branchesOn(params, [...forward.nodes, ...backward.nodes]),
      hvp: (v: readonly Tensor[]) => along(likeParams('hvp: v', v, params)),
    };
  });
}
