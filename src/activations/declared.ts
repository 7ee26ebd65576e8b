import { customGrad, type GradSaveFunc, keep, mul, type Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.js';

/**
 * A function of single elements whose derivative is `slope`, as declared and whether it is so or not. Declared in its turn,
 * the slope has the second derivative that is wanted: `declared(f, declared(slope, bend))`.
 *
 * Higher derivatives than are declared are those of the operations of the last. In `twiceDifferentiable` all count.
 */
export const declared = (f: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor): Activation =>
  customGrad((...[x, save]: (Tensor | GradSaveFunc)[]) => {
    (save as GradSaveFunc)([x as Tensor]);
    return { value: f(x as Tensor), gradFunc: (dy: Tensor, saved: Tensor[]) => mul(dy, once(saved, slope)) };
  }) as Activation;

/**
 * What the gradient makes of the x it saved, at its first walk; higher derivatives walk the same way again. It is kept in
 * the list of the tape, which frees what stands there.
 */
function once(saved: Tensor[], make: (x: Tensor) => Tensor): Tensor {
  const [x, made] = saved as [Tensor, Tensor?];
  if (made) return made;
  const first = keep(make(x));
  saved.push(first);
  return first;
}
