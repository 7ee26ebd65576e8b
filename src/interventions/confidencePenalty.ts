import { add, addN, logSoftmax, mean, mul, type Scalar, softmax, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { asClasses } from './asClasses.js';
import { changeDataLoss, type DataLoss } from './changeDataLoss.js';
import { ofStrength } from './ofStrength.js';

/**
 * Holds back confidence: rewards the entropy of what the network says.
 *
 *     D − β H(softmax(z)) + P,  H(p) = −Σ_k p_k log p_k;   the gradient of −H in z_k is p_k (log p_k + H)
 *     a single logit:           H of (σ(z), 1 − σ(z))
 *
 * The mean over the examples, summed over outputs. For outputs that are one distribution: not for several labels at once,
 * each with its sigmoid.
 *
 * - Cost: no further gradient evaluation and no further forward pass.
 * - Reports: nothing.
 *
 * @param beta β; 0 leaves the loss as it is.
 * @throws RangeError if beta is negative or not finite.
 * @see Pereyra, Tucker, Chorowski, Kaiser, Hinton 2017, arXiv 1701.06548
 *
 * @example
 * instrument(model, { interventions: [confidencePenalty(0.1)] });
 */
export function confidencePenalty(beta: Strength): Intervention {
  const rewarding =
    (b: number) =>
    (loss: DataLoss): DataLoss =>
    (z) =>
      add(loss(z), mul(b, addN(z.map(negativeEntropy))));
  return ofStrength(
    'confidencePenalty',
    'beta',
    beta,
    (next) => (objective, b) => next(changeDataLoss('confidencePenalty', objective, rewarding(b))),
    { needs: { outputs: true } },
  );
}

/** −H(softmax(z)), the mean over the examples. */
function negativeEntropy(z: Tensor): Scalar {
  const classes = asClasses(z);
  return mean(sum(mul(softmax(classes), logSoftmax(classes)), -1));
}
