import { div, type GradConfig, Mean, mul, ones, reshape, Sum, type Tensor, util } from '@tensorflow/tfjs-core';

/**
 * Sums and means along axes. What flows back is the same all along them: tfjs repeats it, by a product with as many ones,
 * and adds that to what else flows there; a walk of ours adds it as it is, which repeats it on the way.
 */
export const summationDerivatives: readonly GradConfig[] = [Sum, Mean].map((kernelName) => ({
  kernelName,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const { shape } = saved[0]!;
    const axes = util.parseAxisParam((attrs as { axis: number | number[] }).axis, shape);
    const narrow = (): Tensor => {
      const d = reshape(
        dy as Tensor,
        shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
      );
      return kernelName === Sum
        ? d
        : div(
            d,
            axes.reduce((count, axis) => count * shape[axis]!, 1),
          );
    };
    return { x: Object.assign(() => mul(narrow(), ones(shape)), { narrow }) };
  },
}));
