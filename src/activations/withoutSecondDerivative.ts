import { clone, customGrad, type GradSaveFunc, mul, type Tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Elementwise } from '../core/objective.js';

/**
 * The same function with the same slope, which nothing differentiates again: φ″ and all beyond are 0.
 *
 * Cost: the slope is computed with the value.
 *
 * @param activation of every element by itself; of another the derivative would be wrong.
 *
 * @example
 * const hidden = withoutSecondDerivative((x) => tf.tanh(x))(tf.matMul(x, w));
 */
export const withoutSecondDerivative =
  (activation: Elementwise): Elementwise =>
  (x) => {
    const { value, grad } = valueAndGrad(activation)(x);
    const slope = constant(grad);
    return customGrad((...[, save]: (Tensor | GradSaveFunc)[]) => {
      (save as GradSaveFunc)([slope]);
      return { value: clone(value), gradFunc: (dy: Tensor, [slope]: Tensor[]) => mul(dy, slope!) };
    })(x);
  };

/** Of no inputs, as the tape has it: no derivative finds a way through it. */
const constant = (x: Tensor): Tensor => customGrad(() => ({ value: clone(x), gradFunc: () => [] }))();
