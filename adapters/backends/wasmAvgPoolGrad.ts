import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolWindows } from './poolWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂x of average pooling in two or three dimensions: each dY is shared by the elements of its window.
 *
 * Forward, padding counts for nothing, neither in the sum nor in the number of elements. tfjs-wasm divides by the size of
 * the whole window here, so that with padding 'same' it takes too small a gradient along the edges.
 */
export const wasmAvgPoolGrad = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { input, dy: upstream } = inputs as { input: TensorInfo; dy: TensorInfo };
  const out = allocate(input.shape);
  const [dx, dy] = [numbers(out).fill(0), numbers(upstream)];
  const channels = input.shape.at(-1)!;
  eachWindow(poolWindows(input.shape, attrs), (cells, _, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0; c < channels; c++) dx[cells[i]! * channels + c]! += dy[at * channels + c]! / count;
  });
  return out;
});
