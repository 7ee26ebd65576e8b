import { div, type GradConfig, mul, ones, reshape, type Tensor, util } from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';

/**
 * Sums and means along axes. What flows back is the same all along them: tfjs repeats it, by a product with as many ones,
 * and adds that to what else flows there; a walk of ours adds it as it is, which repeats it on the way.
 */
export const summationDerivatives: readonly GradConfig[] = ['Sum', 'Mean'].map((kernelName) =>
  derivative(kernelName, ['x'], (dy, saved, attrs) => {
    const { shape } = saved[0]!;
    const axes = util.parseAxisParam(attrs.axis as number | number[], shape);
    const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const narrow = (): Tensor => {
      const d = reshape(dy, kept);
      return kernelName === 'Sum' ? d : div(d, util.sizeFromShape(shape) / util.sizeFromShape(kept));
    };
    return { x: Object.assign(() => mul(narrow(), ones(shape)), { narrow }) };
  }),
);
