import type { TensorInfo } from '@tensorflow/tfjs-core';
import { depthwiseWindows } from './depthwiseWindows.js';
import { reshape, type WasmCall, wasmKernel } from './wasmKernel.js';
import { eachWindow, type Windows } from './windows.js';

/**
 * ∂L/∂input of a depthwise convolution, which tfjs-wasm lacks. Channel c has m filters of its own:
 *
 *     dX[b, y·s + i − top, x·s + j − left, c] += Σ_k dY[b, y, x, c·m + k] · W[i, j, c, k]
 *
 * With stride 1 it is itself a depthwise convolution, of dY with the filters turned round, 15 times as fast as loops.
 */
export const wasmDepthwiseConv2DBackpropInput = wasmKernel((call) => {
  const { inputs, attrs } = call;
  const { filter } = inputs as { filter: TensorInfo };
  const windows = depthwiseWindows(attrs.inputShape as number[], filter.shape, attrs);
  const sides = padding(windows);
  const plain = [windows.strides, windows.dilations].flat().every((n) => n === 1);
  return plain && sides.flat().every((n) => n >= 0) ? byConvolution(call, sides) : byLoops(call, windows);
});

type Sides = [number, number];

/** Before and after, in height and width, so that dY, convolved, is as large as the input. */
const padding = ({ input, output, window, before }: Windows): [Sides, Sides] => {
  const along = (d: 1 | 2): Sides => [window[d] - 1 - before[d], input[d] - output[d] + before[d]];
  return [along(1), along(2)];
};

function byConvolution({ inputs, run }: WasmCall, sides: [Sides, Sides]): TensorInfo {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const [height, width, cin, multiplier] = filter.shape as [number, number, number, number];
  const turned = reshape(run, run('Reverse', { x: filter }, { dims: [0, 1] }), [height, width, cin * multiplier, 1]);
  const pad = [[0, 0], ...sides, [0, 0]];
  const each = run('DepthwiseConv2dNative', { x: dy, filter: turned }, { strides: 1, dilations: 1, pad });
  if (multiplier === 1) return each;
  const apart = reshape(run, each, [...each.shape.slice(0, 3), cin, multiplier]);
  return run('Sum', { x: apart }, { axis: 4, keepDims: false });
}

function byLoops({ inputs, attrs, allocate, numbers }: WasmCall, windows: Windows): TensorInfo {
  const { dy: upstream, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const [cin, multiplier] = filter.shape.slice(-2) as [number, number];
  const out = allocate(attrs.inputShape as number[]);
  const [dx, dy, w] = [numbers(out).fill(0), numbers(upstream), numbers(filter)];
  const channels = cin * multiplier;
  eachWindow(windows, (cells, taps, count, at) => {
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
}
