import type { TensorInfo } from '@tensorflow/tfjs-core';
import { conv3DWindows } from './conv3DWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * A convolution in three dimensions, which tfjs-wasm has wrong where padding is 'same' and a stride longer than its window:
 *
 *     Y[b, z, …, o] = Σ_{k,…,c} X[b, z·s + k − front, …, c] · W[k, …, c, o]
 */
export const wasmConv3D = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x: input, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
  const windows = conv3DWindows(input.shape, filter.shape, attrs);
  const [cin, cout] = filter.shape.slice(-2) as [number, number];
  const out = allocate([windows.batch, ...windows.output, cout]);
  const [y, x, w] = [numbers(out).fill(0), numbers(input), numbers(filter)];
  eachWindow(windows, (cells, taps, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0, q = taps[i]! * cin * cout; c < cin; c++) {
        const value = x[cells[i]! * cin + c]!;
        for (let p = at * cout, end = p + cout; p < end; p++, q++) y[p]! += value * w[q]!;
      }
  });
  return out;
});
