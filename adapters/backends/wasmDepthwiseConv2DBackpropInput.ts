import type { TensorInfo } from '@tensorflow/tfjs-core';
import { depthwiseWindows } from './depthwiseWindows.js';
import { wasmKernel } from './wasmKernel.js';
import { eachWindow } from './windows.js';

/**
 * ∂L/∂input of a depthwise convolution, which tfjs-wasm lacks. Channel c has m filters of its own:
 *
 *     dX[b, y·s + i − top, x·s + j − left, c] += Σ_k dY[b, y, x, c·m + k] · W[i, j, c, k]
 */
export const wasmDepthwiseConv2DBackpropInput = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { dy: upstream, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const inputShape = attrs.inputShape as number[];
  const [cin, multiplier] = filter.shape.slice(-2) as [number, number];
  const out = allocate(inputShape);
  const [dx, dy, w] = [numbers(out).fill(0), numbers(upstream), numbers(filter)];
  const channels = cin * multiplier;
  eachWindow(depthwiseWindows(inputShape, filter.shape, attrs), (cells, taps, count, at) => {
    for (let i = 0; i < count; i++) {
      let [p, q] = [at * channels, taps[i]! * channels];
      for (let c = 0; c < cin; c++) {
        let sum = 0;
        for (let k = 0; k < multiplier; k++) sum += dy[p++]! * w[q++]!;
        dx[cells[i]! * cin + c]! += sum;
      }
    }
  });
  return out;
});
