import { clone, customGrad, type GradSaveFunc, grad, mul, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { Elementwise } from '../core/objective.js';

/**
 * The same function with the same slope, which nothing differentiates again: φ″ and all beyond are 0.
 *
 * Cost: the slope is computed with the value, once more than without.
 *
 * @param activation of every element by itself; of another the derivative would be wrong.
 *
 * @example
 * const hidden = withoutSecondDerivative((x) => tf.tanh(x))(tf.matMul(x, w));
 */
export const withoutSecondDerivative =
  (activation: Elementwise): Elementwise =>
  (x) => {
    const slope = constant(grad(activation)(x));
    return customGrad((...[x, save]: (Tensor | GradSaveFunc)[]) => {
      (save as GradSaveFunc)([slope]);
      return { value: activation(x as Tensor), gradFunc: (dy: Tensor, [slope]: Tensor[]) => mul(dy, slope!) };
    })(x);
  };

/** No derivative passes through it. */
const constant = customGrad((...[x]: (Tensor | GradSaveFunc)[]) => ({
  value: clone(x as Tensor),
  gradFunc: (dy: Tensor) => zerosLike(dy),
}));
