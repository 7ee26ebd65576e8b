import {
  backend_util,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  type GradConfig,
  getBackend,
  type NamedAttrMap,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { runKernel } from './runKernel.js';

/**
 * Convolution in three dimensions. Both kernels of its gradient are wrong in tfjs-wasm 4.22: there it is computed by
 * convolutions, which are right.
 */
export const convolution3DDerivatives: readonly GradConfig[] = [
  {
    kernelName: Conv3D,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, [x, filter], attrs) => ({
      x: () => inInput(dy as Tensor, filter!, x!.shape, attrs),
      filter: () => inFilter(x!, dy as Tensor, filter!.shape, attrs),
    }),
  },
];

/** A convolution is bilinear in image and filter, and so is each of its adjoints. */
export const convolution3DSecondDerivatives: readonly GradConfig[] = [
  {
    kernelName: Conv3DBackpropInputV2,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (d, [dy, filter], attrs) => ({
      dy: () => convolve(d as Tensor, filter!, attrs),
      filter: () => inFilter(d as Tensor, dy!, filter!.shape, attrs),
    }),
  },
  {
    kernelName: Conv3DBackpropFilterV2,
    inputsToSave: ['x', 'dy'],
    gradFunc: (d, [x, dy], attrs) => ({
      x: () => inInput(dy!, d as Tensor, x!.shape, attrs),
      dy: () => convolve(x!, d as Tensor, attrs),
    }),
  },
];

interface Settings {
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid';
  readonly dilations?: number | [number, number, number];
}

const convolve = (x: Tensor, filter: Tensor, attrs: object): Tensor => {
  const { strides, pad } = attrs as Settings;
  return runKernel(Conv3D, { x, filter }, { strides, pad, dataFormat: 'NDHWC', dilations: 1 });
};

function inInput(dy: Tensor, filter: Tensor, inputShape: number[], attrs: NamedAttrMap): Tensor {
  refuseDilations(attrs);
  if (getBackend() === 'wasm') return inInputByConvolution(dy, filter, inputShape, attrs);
  const { strides, pad } = attrs;
  return runKernel(Conv3DBackpropInputV2, { dy, filter }, { strides, pad, inputShape });
}

function inFilter(x: Tensor, dy: Tensor, filterShape: number[], attrs: NamedAttrMap): Tensor {
  refuseDilations(attrs);
  if (getBackend() === 'wasm') return inFilterByConvolution(x, dy, filterShape, attrs);
  const { strides, pad } = attrs;
  return runKernel(Conv3DBackpropFilterV2, { x, dy }, { strides, pad, filterShape });
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
  const { size, strides, before } = geometry(inputShape, filter.shape, attrs);
  const spaced = strides.reduce((t, stride, i) => space(t, i + 1, stride), dy);
  const around = before.map((p, i): [number, number] => {
    const front = size[i]! - 1 - p;
    return [front, inputShape[i + 1]! + size[i]! - 1 - spaced.shape[i + 1]! - front];
  });
  const mirrored = transpose(reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3]);
  return convolve(pad(spaced, [[0, 0], ...around, [0, 0]]), mirrored, whole);
}

/** dW = X convolved with dY, zeros between its elements; the examples of the batch are what is summed over. */
function inFilterByConvolution(x: Tensor, dy: Tensor, filterShape: number[], attrs: object): Tensor {
  const { size, strides, before } = geometry(x.shape, filterShape, attrs);
  const spaced = strides.reduce((t, stride, i) => space(t, i + 1, stride), dy);
  const needed = size.map((n, i) => spaced.shape[i + 1]! + n - 1);
  const behind = needed.map((n, i): [number, number] => [before[i]!, Math.max(0, n - before[i]! - x.shape[i + 1]!)]);
  const image = slice(pad(x, [[0, 0], ...behind, [0, 0]]), [0, 0, 0, 0, 0], [x.shape[0]!, ...needed, x.shape[4]!]);
  const dw = convolve(transpose(image, [4, 1, 2, 3, 0]), transpose(spaced, [1, 2, 3, 0, 4]), whole);
  return transpose(dw, [1, 2, 3, 0, 4]);
}

const whole: Settings = { strides: 1, pad: 'valid' };

function geometry(inputShape: number[], filterShape: number[], attrs: object) {
  const { strides, pad } = attrs as Settings;
  const info = backend_util.computeConv3DInfo(
    inputShape as [number, number, number, number, number],
    filterShape as [number, number, number, number, number],
    strides,
    1,
    pad,
  );
  return {
    size: filterShape.slice(0, 3),
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}

/** Puts `stride - 1` zeros between the elements along an axis. */
function space(t: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return t;
  const [ahead, behind] = [t.shape.slice(0, axis), t.shape.slice(axis + 1)];
  const n = t.shape[axis]!;
  const product = (sizes: number[]): number => sizes.reduce((a, b) => a * b, 1);
  const column = reshape(t, [product(ahead) * n, 1, product(behind)]);
  const spaced = pad(column, [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const all = reshape(spaced, [...ahead, n * stride, ...behind]);
  return slice(
    all,
    all.shape.map(() => 0),
    [...ahead, (n - 1) * stride + 1, ...behind],
  );
}
