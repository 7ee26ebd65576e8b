import { randomNormal } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import type { Intervention, Strength } from '../core/intervention.js';
import { ofStrength } from './ofStrength.js';
import { oncePerStep } from './oncePerStep.js';

/** What {@link weightNoise} takes. */
export interface WeightNoiseOptions {
  /** Standard deviation σ of the noise on every weight; 0 is plain training. Default 0.01. */
  readonly stddev?: Strength;
}

/**
 * Trains under Gaussian noise on the weights, drawn anew at each step.
 *
 *     the optimizer gets ∇L(w + σε),  ε ~ N(0, 1) for each weight;   E L(w + σε) = L(w) + (σ²/2) tr H + O(σ⁴)
 *
 * The loss handed on is L(w + σε). Every evaluation of one step meets the same noise, so that an intervention around it,
 * such as SAM, compares like with like. To second order in σ it is `hessianTracePenalty(σ²)`, where the loss is smooth.
 *
 * Cost: 1 gradient evaluation a step.
 *
 * @throws RangeError if stddev is negative or NaN.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * instrument(model, { interventions: [weightNoise({ stddev: 0.02 })] });
 */
export function weightNoise({ stddev = 0.01 }: WeightNoiseOptions = {}): Intervention {
  return ofStrength('weightNoise', 'stddev', stddev, (next) => {
    const drawn = oncePerStep(() => Math.random());
    return (objective, s) => {
      const { params, step } = objective;
      const seed = drawn(step);
      const noise = params.map(({ name, shape }, i) => [name, randomNormal(shape, 0, s, 'float32', seed + i)]);
      return atOffset(params, Object.fromEntries(noise), () => next(objective));
    };
  });
}
