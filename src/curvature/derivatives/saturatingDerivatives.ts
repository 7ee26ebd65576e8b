import { type GradConfig, keep, mul, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { derivative, type Pullback } from './derivative.js';
import { operation, recording } from './operation.js';

/**
 * Activations whose slope is a function of their value y, as one operation: y' = s(y). tfjs computes s anew at every walk,
 * and from operations each of which has derivatives of its own; here a walk over a record takes one product, and two where
 * the slope moves too.
 */
export const saturatingDerivatives: readonly GradConfig[] = [
  saturating('Tanh', { slope: (y) => sub(1, square(y)), bend: (y) => mul(y, -2) }),
  saturating('Sigmoid', { slope: (y) => sub(y, square(y)), bend: (y) => sub(1, mul(y, 2)) }),
];

function saturating(kernelName: string, activation: Activation): GradConfig {
  const pullback: Pullback = (dy, saved) => {
    const [y] = saved as [Tensor];
    const slope = (): Tensor => remembered(saved, 1, () => activation.slope(y));
    return { x: () => (recording() ? sloped(dy, y, activation) : mul(dy, slope())) };
  };
  return derivative(kernelName, [], pullback, true);
}

interface Activation {
  /** s(y) */
  readonly slope: (y: Tensor) => Tensor;
  /** ds/dy */
  readonly bend: (y: Tensor) => Tensor;
}

/** d · s(y), an operation of d and y. */
const sloped = (d: Tensor, y: Tensor, activation: Activation): Tensor =>
  operation({
    inputs: { d, y },
    forwardFunc: (_backend, save) => {
      const slope = activation.slope(y);
      save([d, y, slope]);
      return mul(d, slope);
    },
    backwardsFunc: (dd, saved) => {
      const [d, y, slope] = saved as [Tensor, Tensor, Tensor];
      const bent = (): Tensor => mul(d, activation.bend(y));
      return recording()
        ? { d: () => sloped(dd, y, activation), y: () => mul(dd, bent()) }
        : { d: () => mul(dd, slope), y: () => mul(dd, remembered(saved, 3, bent)) };
    },
  });

/**
 * What is made once a record, kept at a place of the tape's list, which frees what stands there. What may be differentiated
 * must not come from there.
 */
function remembered(saved: Tensor[], place: number, make: () => Tensor): Tensor {
  saved[place] ??= keep(make());
  return saved[place];
}
