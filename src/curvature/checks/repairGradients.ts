import { firstDerivatives } from '../derivatives/firstDerivatives.js';
import { layGradients } from '../tape/layGradients.js';
import { wrongKernels } from './wrongKernels.js';

/**
 * Puts right gradients in the place of those that TensorFlow.js 4.22 has wrong, for training: average pooling over a
 * border, mirrorPad, conv3d on wasm, cumsum along any axis but the last, resizing with halfPixelCenters, and ties of max
 * and min, which share what flows back. Inside `twiceDifferentiable`, and so in every curvature, they are right anyway.
 *
 * Opt-in, once for the process, before or after a backend is set up, and whichever is: gradients are registered by kernel,
 * so every program that shares tfjs has them. Together with `repairWasm`, which mends kernels, they stay right.
 *
 * - Cost: a gradient takes the time it took, but for max and min, which count equals.
 *
 * @returns a function that puts back what was there; the same one if called again.
 *
 * @example
 * repairGradients();
 * await model.fit(x, y);
 */
export function repairGradients(): () => void {
  undo ??= repair();
  return undo;
}

let undo: (() => void) | undefined;

function repair(): () => void {
  const takeOff = layGradients(firstDerivatives.filter(({ kernelName }) => wrongKernels.includes(kernelName)));
  const undoThis = (): void => {
    takeOff();
    if (undo === undoThis) undo = undefined;
  };
  return undoThis;
}
