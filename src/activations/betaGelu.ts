import type { Activation } from './activation.js';
import { declared } from './declared.js';
import { gelu } from './gelu.js';

/**
 * GELU of steepness β: from a line, at β → 0, to ReLU, at β → ∞.
 *
 *     φ(x) = x Φ(βx),  φ′(x) = Φ(βx) + βx φ_N(βx),  φ″(x) = β (2 − β²x²) φ_N(βx);  φ_N the normal density, Φ its integral
 *
 * All that bends lies within some 1/β of 0, and bends there by up to β √(2/π): with large β few units have a second
 * derivative, and it is large. β = 1 is GELU.
 *
 * @throws RangeError unless β is positive and finite.
 * @see Hendrycks, Gimpel 2016, arXiv 1606.08415; with β: Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * const hidden = betaGelu(4)(tf.matMul(x, w));
 */
export function betaGelu(beta = 1): Activation {
  const { value, slope, bend } = gelu('betaGelu', beta);
  return declared(value, declared(slope, bend));
}
