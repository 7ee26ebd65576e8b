import type { TensorInfo } from '@tensorflow/tfjs-core';
import { conv3DWindows } from './conv3DWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂filter of a convolution in three dimensions, which tfjs-wasm has wrong where a stride is not 1:
 *
 *     dW[k, …, c, o] = Σ_{b,z,…} X[b, z·s + k − front, …, c] · dY[b, z, …, o]
 *
 * Summed in float64: a sum runs over the whole batch.
 */
export const wasmConv3DBackpropFilter = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x: input, dy: upstream } = inputs as { x: TensorInfo; dy: TensorInfo };
  const filterShape = attrs.filterShape as number[];
  const [cin, cout] = filterShape.slice(-2) as [number, number];
  const out = allocate(filterShape);
  const [x, dy] = [numbers(input), numbers(upstream)];
  const dw = new Float64Array(numbers(out).length);
  eachWindow(conv3DWindows(input.shape, filterShape, attrs), (cells, taps, count, at) => {
    for (let i = 0; i < count; i++)
      for (let c = 0, q = taps[i]! * cin * cout; c < cin; c++) {
        const value = x[cells[i]! * cin + c]!;
        for (let p = at * cout, end = p + cout; p < end; p++, q++) dw[q]! += value * dy[p]!;
      }
  });
  numbers(out).set(dw);
  return out;
});
