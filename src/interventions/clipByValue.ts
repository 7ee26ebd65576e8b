import { abs, addN, clipByValue as clip, div, greater, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { mapTensors } from '../core/namedTensors.js';
import { handedOn } from './handedOn.js';
import { ofStrength } from './ofStrength.js';

/**
 * Holds every component of the gradient within limits. Its direction changes; `clipByGlobalNorm` keeps it.
 *
 *     the optimizer gets max(−c, min(c, gᵢ)) for each component
 *
 * - Cost: no further gradient evaluation.
 * - Reports: `clip.share`, the share of the components that were beyond.
 *
 * @param limit c; 0 leaves every gradient as it is.
 * @throws RangeError if limit is negative or not finite.
 *
 * @example
 * instrument(model, { interventions: [clipByValue(0.5)] });
 */
export function clipByValue(limit: Strength): Intervention {
  return ofStrength('clipByValue', 'limit', limit, (next) => (objective, c) => {
    const whole = next(objective);
    const clipped = mapTensors(whole.grads, (g) => clip(g, -c, c));
    return handedOn(whole, clipped, { 'clip.share': () => shareBeyond(c, Object.values(whole.grads)) });
  });
}

function shareBeyond(limit: number, grads: readonly Tensor[]): Scalar {
  const beyond = grads.map((g) => sum<Scalar>(greater(abs(g), limit)));
  return div(addN(beyond), Math.max(1, grads.reduce((size, g) => size + g.size, 0))); // biome-ignore format: one line
}
