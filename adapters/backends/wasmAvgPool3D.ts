import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolWindows } from './poolWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * The average of each window in three dimensions, padding left out. tfjs-wasm places the windows wrong where padding is
 * 'same' and a stride longer than its window.
 */
export const wasmAvgPool3D = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x: input } = inputs as { x: TensorInfo };
  const windows = poolWindows(input.shape, attrs);
  const channels = input.shape.at(-1)!;
  const pooled = allocate([windows.batch, ...windows.output, channels]);
  const [y, x] = [numbers(pooled).fill(0), numbers(input)];
  eachWindow(windows, (cells, _, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0; c < channels; c++) y[at * channels + c]! += x[cells[i]! * channels + c]! / count;
  });
  return pooled;
});
