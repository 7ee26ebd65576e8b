import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolWindows } from './poolWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * The largest element of each window in three dimensions. tfjs-wasm gives the smallest number above 0 where a window
 * holds nothing larger.
 */
export const wasmMaxPool3D = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x: input } = inputs as { x: TensorInfo };
  const windows = poolWindows(input.shape, attrs);
  const channels = input.shape.at(-1)!;
  const pooled = allocate([windows.batch, ...windows.output, channels]);
  const [y, x] = [numbers(pooled).fill(Number.NEGATIVE_INFINITY), numbers(input)];
  eachWindow(windows, (cells, _, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0; c < channels; c++) {
        const value = x[cells[i]! * channels + c]!;
        if (value > y[at * channels + c]!) y[at * channels + c] = value;
      }
  });
  return pooled;
});
