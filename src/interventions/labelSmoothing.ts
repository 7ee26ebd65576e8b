import { add, addN, logSoftmax, mean, mul, neg, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { asClasses } from './asClasses.js';
import { changeDataLoss, type DataLoss } from './changeDataLoss.js';
import { ofStrength } from './ofStrength.js';

/**
 * Label smoothing: learns labels that give a share ε to all classes alike.
 *
 *     (1 − ε) D + ε CE(u, softmax(z)) + P,  u = 1/K for each of K classes;   CE(u, softmax(z)) = −mean_k log softmax(z)_k
 *     a single logit:  u = ½,                                                CE(u, σ(z)) = −½ (log σ(z) + log σ(−z))
 *
 * With D a cross-entropy this is CE((1 − ε) y + ε u, softmax(z)). Means over the examples, summed over outputs; example
 * weights act on D alone. For outputs that are one distribution: not for several labels at once, each with its sigmoid.
 *
 * - Cost: no further gradient evaluation and no further forward pass.
 * - Reports: nothing.
 *
 * @param epsilon ε; 0 learns the labels as they are.
 * @throws RangeError if epsilon is not within 0…1.
 * @see Szegedy, Vanhoucke, Ioffe, Shlens, Wojna 2015, arXiv 1512.00567
 *
 * @example
 * instrument(model, { interventions: [sam(), labelSmoothing(0.1)] });
 */
export function labelSmoothing(epsilon: Strength): Intervention {
  const smoothed =
    (e: number) =>
    (loss: DataLoss): DataLoss =>
    (z) =>
      add(mul(1 - e, loss(z)), mul(e, addN(z.map(fromUniform))));
  return ofStrength(
    'labelSmoothing',
    'epsilon',
    epsilon,
    (next) => (objective, e) => next(changeDataLoss('labelSmoothing', objective, smoothed(e))),
    { most: 1, needs: { outputs: true } },
  );
}

/** CE(u, softmax(z)), the mean over the examples. */
const fromUniform = (z: Tensor): Scalar => neg(mean(logSoftmax(asClasses(z))));
