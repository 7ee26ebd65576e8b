import { div, minimum, type Scalar } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import { globalNorm, orNaN, scale } from '../core/namedTensors.js';
import type { GradientFn } from '../core/objective.js';
import { strength } from '../core/strength.js';

/**
 * Shortens the gradient where it is too long, keeping its direction.
 *
 *     the optimizer gets g min(1, c / ‖g‖₂)
 *
 * One norm over all parameters together. A gradient within c passes bit for bit; one whose norm overflows float32
 * (1.8e19) becomes NaN, never 0 unnoticed. It belongs outermost, around `sam` and `accumulate`, so that it sees what the
 * optimizer would get.
 *
 * - Cost: no further gradient evaluation.
 * - Reports: `clip.norm` = ‖g‖₂ before; `clip.factor` = min(1, c / ‖g‖₂).
 *
 * @param maxNorm c; 0 leaves every gradient as it is.
 * @throws RangeError if maxNorm is negative or not finite.
 * @see Pascanu, Mikolov, Bengio 2012, arXiv 1211.5063
 *
 * @example
 * instrument(model, { interventions: [clipByGlobalNorm(5), sam()] });
 */
export function clipByGlobalNorm(maxNorm: Strength): Intervention {
  const longest = strength('clipByGlobalNorm: maxNorm', maxNorm);
  return (next) => {
    const at = longest();
    const clipByGlobalNorm: GradientFn = (objective) => {
      const c = at(objective.step);
      const whole = next(objective);
      if (c === 0) return whole;
      const norm = globalNorm(whole.grads);
      const factor = orNaN(minimum<Scalar>(1, div(c, norm)), norm);
      return {
        ...whole,
        grads: scale(whole.grads, factor),
        report: { ...whole.report, 'clip.norm': () => norm, 'clip.factor': () => factor },
      };
    };
    clipByGlobalNorm.dispose = at.dispose;
    return named('clipByGlobalNorm', clipByGlobalNorm);
  };
}
