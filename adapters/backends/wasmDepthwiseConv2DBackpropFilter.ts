import type { TensorInfo } from '@tensorflow/tfjs-core';
import { depthwiseWindows } from './depthwiseWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂filter of a depthwise convolution, which tfjs-wasm lacks. Channel c has m filters of its own:
 *
 *     dW[i, j, c, k] = Σ_{b,y,x} X[b, y·s + i − top, x·s + j − left, c] · dY[b, y, x, c·m + k]
 *
 * Summed in float64: a sum runs over the whole batch.
 */
export const wasmDepthwiseConv2DBackpropFilter = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x: input, dy: upstream } = inputs as { x: TensorInfo; dy: TensorInfo };
  const filterShape = attrs.filterShape as [number, number, number, number];
  const [, , cin, multiplier] = filterShape;
  const out = allocate(filterShape);
  const [x, dy] = [numbers(input), numbers(upstream)];
  const dw = new Float64Array(numbers(out).length);
  const channels = cin * multiplier;
  eachWindow(depthwiseWindows(input.shape, filterShape, attrs), (cells, taps, count, at) => {
    for (let i = 0; i < count; i++) {
      let [p, q] = [at * channels, taps[i]! * channels];
      for (let c = 0; c < cin; c++) {
        const value = x[cells[i]! * cin + c]!;
        for (let k = 0; k < multiplier; k++) dw[q++]! += value * dy[p++]!;
      }
    }
  });
  numbers(out).set(dw);
  return out;
});
