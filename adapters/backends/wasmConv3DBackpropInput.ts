import type { TensorInfo } from '@tensorflow/tfjs-core';
import { conv3DWindows } from './conv3DWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂input of a convolution in three dimensions, which tfjs-wasm has wrong:
 *
 *     dX[b, z·s + k − front, …, c] += Σ_o dY[b, z, …, o] · W[k, …, c, o]
 */
export const wasmConv3DBackpropInput = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { dy: upstream, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const inputShape = attrs.inputShape as number[];
  const [cin, cout] = filter.shape.slice(-2) as [number, number];
  const out = allocate(inputShape);
  const [dx, dy, w] = [numbers(out).fill(0), numbers(upstream), numbers(filter)];
  eachWindow(conv3DWindows(inputShape, filter.shape, attrs), (cells, taps, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0, q = taps[i]! * cin * cout; c < cin; c++) {
        let sum = 0;
        for (let p = at * cout, end = p + cout; p < end; p++, q++) sum += dy[p]! * w[q]!;
        dx[cells[i]! * cin + c]! += sum;
      }
  });
  return out;
});
