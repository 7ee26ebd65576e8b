import {
  backend_util,
  type GradConfig,
  getBackend,
  type NamedAttrMap,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { type PoolWindows, windowsOf } from './poolWindows.js';
import { runKernel } from './runKernel.js';

/**
 * Convolution in three dimensions. Both kernels of its gradient are wrong in tfjs-wasm 4.22: there it is computed by
 * convolutions, which are right.
 */
export const convolution3DDerivatives: readonly GradConfig[] = [
  derivative('Conv3D', ['x', 'filter'], (dy, [x, filter], attrs) => ({
    x: () => inInput(dy, filter!, x!.shape, attrs),
    filter: () => inFilter(x!, dy, filter!.shape, attrs),
  })),
];

/** A convolution is bilinear in image and filter, and so is each of its adjoints. */
export const convolution3DSecondDerivatives: readonly GradConfig[] = [
  derivative('Conv3DBackpropInputV2', ['dy', 'filter'], (d, [dy, filter], attrs) => ({
    dy: () => convolve(d, filter!, attrs),
    filter: () => inFilter(d, dy!, filter!.shape, attrs),
  })),
  derivative('Conv3DBackpropFilterV2', ['x', 'dy'], (d, [x, dy], attrs) => ({
    x: () => inInput(dy!, d, x!.shape, attrs),
    dy: () => convolve(x!, d, attrs),
  })),
];

interface Settings {
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid';
  readonly dilations?: number | [number, number, number];
}

const convolve = (x: Tensor, filter: Tensor, attrs: object): Tensor =>
  runKernel('Conv3D', { x, filter }, { ...attrs, dataFormat: 'NDHWC', dilations: 1 });

function inInput(dy: Tensor, filter: Tensor, inputShape: number[], attrs: NamedAttrMap): Tensor {
  refuseDilations(attrs);
  if (getBackend() === 'wasm') return inInputByConvolution(dy, filter, inputShape, attrs);
  return runKernel('Conv3DBackpropInputV2', { dy, filter }, { ...attrs, inputShape });
}

function inFilter(x: Tensor, dy: Tensor, filterShape: number[], attrs: NamedAttrMap): Tensor {
  refuseDilations(attrs);
  if (getBackend() === 'wasm') return inFilterByConvolution(x, dy, filterShape, attrs);
  return runKernel('Conv3DBackpropFilterV2', { x, dy }, { ...attrs, filterShape });
}

function refuseDilations(attrs: object): void {
  const { dilations = 1 } = attrs as Settings;
  if ([dilations].flat().some((rate) => rate !== 1)) {
    throw new Error(
      `the derivative of conv3d is known for dilations of 1, got ${dilations}; TensorFlow.js has no other`,
    );
  }
}

/** dX = dY with zeros between its elements, convolved with the mirrored filter. */
function inInputByConvolution(dy: Tensor, filter: Tensor, inputShape: number[], attrs: object): Tensor {
  const { filter: size, strides, padding } = geometry(inputShape, filter.shape, attrs);
  const spaced = strides.reduce((t, stride, i) => space(t, i + 1, stride), dy);
  const around = padding.map(([before], i): [number, number] => {
    const front = size[i]! - 1 - before;
    return [front, inputShape[i + 1]! + size[i]! - 1 - spaced.shape[i + 1]! - front];
  });
  const mirrored = transpose(reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3]);
  return convolve(pad(spaced, [[0, 0], ...around, [0, 0]]), mirrored, whole);
}

/** dW = X convolved with dY, zeros between its elements; the examples of the batch are what is summed over. */
function inFilterByConvolution(x: Tensor, dy: Tensor, filterShape: number[], attrs: object): Tensor {
  const { filter: size, strides, padding } = geometry(x.shape, filterShape, attrs);
  const spaced = strides.reduce((t, stride, i) => space(t, i + 1, stride), dy);
  const needed = size.map((n, i) => spaced.shape[i + 1]! + n - 1);
  const around = padding.map(([before], i): [number, number] => [
    before,
    Math.max(0, needed[i]! - before - x.shape[i + 1]!),
  ]);
  const image = slice(pad(x, [[0, 0], ...around, [0, 0]]), 0, [x.shape[0]!, ...needed, x.shape[4]!]);
  const dw = convolve(transpose(image, [4, 1, 2, 3, 0]), transpose(spaced, [1, 2, 3, 0, 4]), whole);
  return transpose(dw, [1, 2, 3, 0, 4]);
}

const whole: Settings = { strides: 1, pad: 'valid' };

function geometry(inputShape: number[], filterShape: number[], attrs: object): PoolWindows {
  const { strides, pad } = attrs as Settings;
  return windowsOf(backend_util.computeConv3DInfo(inputShape as Shape5D, filterShape as Shape5D, strides, 1, pad));
}

type Shape5D = [number, number, number, number, number];

/** Puts `stride - 1` zeros between the elements along an axis. */
function space(t: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return t;
  const n = t.shape[axis]! * stride;
  const column = reshape(t, [-1, 1, util.sizeFromShape(t.shape.slice(axis + 1))]);
  const spaced = pad(column, [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const along = (size: number): number[] => t.shape.map((whole, i) => (i === axis ? size : whole));
  return slice(reshape(spaced, along(n)), 0, along(n - stride + 1));
}
