import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolWindows } from './poolWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂x of max pooling in two or three dimensions: each dY goes to the largest element of its window, the first of
 * equals in reading order.
 *
 * The loops of tfjs-wasm begin at the smallest number above 0 instead of −∞, so that windows without an element above 0
 * (all of them after a tanh that is negative there) lose their gradient without a word.
 */
export const wasmMaxPoolGrad = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { input, dy: upstream } = inputs as { input: TensorInfo; dy: TensorInfo };
  const out = allocate(input.shape);
  const [dx, dy, x] = [numbers(out).fill(0), numbers(upstream), numbers(input)];
  const channels = input.shape.at(-1)!;
  eachWindow(poolWindows(input.shape, attrs), (cells, _, count, at) => {
    for (let c = 0; c < channels; c++) {
      let largest = cells[0]! * channels + c;
      for (let i = 1; i < count; i++) {
        const here = cells[i]! * channels + c;
        if (x[here]! > x[largest]!) largest = here;
      }
      dx[largest]! += dy[at * channels + c]!;
    }
  });
  return out;
});
