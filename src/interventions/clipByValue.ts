import { abs, addN, clipByValue as clip, div, greater, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { GradientFn } from '../core/objective.js';
import { strength } from '../core/strength.js';

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
  const farthest = strength('clipByValue: limit', limit);
  return (next) => {
    const at = farthest();
    const clipByValue: GradientFn = (objective) => {
      const c = at(objective.step);
      const whole = next(objective);
      if (c === 0) return whole;
      const clipped = Object.entries(whole.grads).map(([name, g]): [string, Tensor] => [name, clip(g, -c, c)]);
      return {
        ...whole,
        grads: Object.fromEntries(clipped),
        report: { ...whole.report, 'clip.share': () => shareBeyond(c, Object.values(whole.grads)) },
      };
    };
    clipByValue.dispose = at.dispose;
    return named('clipByValue', clipByValue);
  };
}

function shareBeyond(limit: number, grads: readonly Tensor[]): Scalar {
  const beyond = grads.map((g) => sum<Scalar>(greater(abs(g), limit)));
  return div(addN(beyond), Math.max(1, grads.reduce((size, g) => size + g.size, 0))); // biome-ignore format: one line
}
