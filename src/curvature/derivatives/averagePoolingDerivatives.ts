import { type GradConfig, mul, slice, type Tensor, tensor, zeros, zerosLike } from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { extents, type PoolWindows, poolWindows } from './poolWindows.js';
import { runKernel } from './runKernel.js';

/** Average pooling. On cpu and on wasm, tfjs 4.22 has a wrong gradient where windows reach into the padding. */
export const averagePoolingDerivatives: readonly GradConfig[] = [
  averaging('AvgPool', 'AvgPoolGrad'),
  averaging('AvgPool3D', 'AvgPool3DGrad'),
];

/** The adjoint of average pooling is linear, and its adjoint is average pooling. */
export const averagePoolingSecondDerivatives: readonly GradConfig[] = [
  spreading('AvgPoolGrad', 'AvgPool'),
  spreading('AvgPool3DGrad', 'AvgPool3D'),
];

function averaging(kernelName: string, adjoint: string): GradConfig {
  return derivative(kernelName, ['x'], (dy, [x], attrs) => ({
    x: () => spread(adjoint, dy, x!.shape, poolWindows(x!.shape, attrs)),
  }));
}

function spreading(kernelName: string, adjoint: string): GradConfig {
  return derivative(kernelName, ['input'], (d, [input], attrs) => ({
    dy: () => runKernel(adjoint, { x: d }, attrs),
    input: () => zerosLike(input!),
  }));
}

/**
 * The windows are made whole by padding, for the kernel divides by the whole window where the pool divided by the part
 * of it inside the image.
 */
function spread(adjoint: string, dy: Tensor, shape: readonly number[], windows: PoolWindows): Tensor {
  const { filter, strides, padding } = windows;
  const padded = shape.map((n, axis) => n + sum(padding[axis - 1]));
  const whole = padded.every((n, axis) => n === shape[axis]);
  const d = runKernel(
    adjoint,
    { dy: whole ? dy : mul(dy, wholeOverInside(windows)), input: zeros(padded) },
    { filterSize: filter, strides, pad: 'valid' },
  );
  return whole ? d : slice(d, [0, ...padding.map(([before]) => before), 0], [...shape]);
}

const sum = (sides: readonly number[] = []): number => sides.reduce((a, b) => a + b, 0);

/** Elements of a window over those of them inside the image, `[1, ...out, 1]`. */
function wholeOverInside(windows: PoolWindows): Tensor {
  const along = windows.filter.map((size, axis) => extents(windows, axis).map(([begin, end]) => size / (end - begin)));
  const factors = along.reduce((outer, side) => outer.flatMap((a) => side.map((b) => a * b)), [1]);
  return tensor(factors, [1, ...windows.out, 1]);
}
