import { div, minimum, type Scalar } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { globalNorm, orNaN, scale } from '../core/namedTensors.js';
import { handedOn } from './handedOn.js';
import { ofStrength } from './ofStrength.js';

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
  return ofStrength('clipByGlobalNorm', 'maxNorm', maxNorm, (next) => (objective, c) => {
    const whole = next(objective);
    const norm = globalNorm(whole.grads);
    const factor = orNaN(minimum<Scalar>(1, div(c, norm)), norm);
    return handedOn(whole, scale(whole.grads, factor), { 'clip.norm': () => norm, 'clip.factor': () => factor });
  });
}
