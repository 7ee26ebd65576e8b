import { zerosLike } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.js';
import { declared } from './declared.js';
import { gelu } from './gelu.js';

/**
 * GELU with its second derivative switched off: value and slope are those of `betaGelu(beta)`, φ″ = 0.
 *
 * A network of it computes and trains as with GELU, bit for bit, until something asks for curvature: the part of H − G
 * that comes from activations is gone, and with it the trace of H − G of a plain stack of layers.
 *
 * @throws RangeError unless β is positive and finite.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export function flatGelu(beta = 1): Activation {
  const { value, slope } = gelu('flatGelu', beta);
  return declared(
    value,
    declared(slope, (x) => zerosLike(x)),
  );
}
