import { relu, step } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.js';
import { declared } from './declared.js';
import { gelu } from './gelu.js';

/**
 * ReLU with a second derivative added, that of `betaGelu(beta)`; value and slope stay those of ReLU.
 *
 *     φ(x) = max(0, x),  φ′(x) = 1 where x > 0, else 0,  φ″ = β (2 − β²x²) φ_N(βx), φ_N the normal density
 *
 * φ″ is not the derivative of φ′. What trains on gradients alone sees ReLU, bit for bit; a gradient penalty sees the
 * curvature that ReLU has at its kink only, where no weights ever are.
 *
 * @throws RangeError unless β is positive and finite.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export function augmentedRelu(beta = 1): Activation {
  const { bend } = gelu('augmentedRelu', beta);
  return declared(
    (x) => relu(x),
    declared((x) => step(x), bend),
  );
}
