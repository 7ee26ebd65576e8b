import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolWindows } from './poolWindows.js';
import type { WasmGradients } from './wasmGradients.js';
import { type WasmCall, wasmKernel } from './wasmKernel.js';
import { eachWindow, type Windows } from './windows.js';

/**
 * ∂L/∂x of max pooling in two or three dimensions: each dY goes to the largest element of its window, the first of
 * equals in reading order.
 *
 * The loops of tfjs-wasm begin at the smallest number above 0 instead of −∞, so that windows without an element above 0
 * (all of them after a tanh that is negative there) lose their gradient without a word.
 */
export const wasmMaxPoolGrad = wasmKernel((call) => {
  const { input, dy } = call.inputs as { input: TensorInfo; dy: TensorInfo };
  const windows = poolWindows(input.shape, call.attrs);
  const { gradients } = call;
  return gradients && input.shape.at(-1)! % 4 === 0
    ? byRoutes(call, gradients, windows, input, dy)
    : byNumbers(call, windows, input, dy);
});

/** Four channels at a time. */
function byRoutes(
  { allocate, numbers, pointer }: WasmCall,
  { route }: WasmGradients,
  windows: Windows,
  input: TensorInfo,
  upstream: TensorInfo,
): TensorInfo {
  const channels = input.shape.at(-1)!;
  const width = channels * Float32Array.BYTES_PER_ELEMENT;
  const out = allocate(input.shape);
  const list = allocate([windows.window[0] * windows.window[1] * windows.window[2]]);
  numbers(out).fill(0);
  const [x, dx, dy] = [pointer(input), pointer(out), pointer(upstream)];
  const { buffer, byteOffset, length } = numbers(list);
  const distances = new Int32Array(buffer, byteOffset, length);
  eachWindow(windows, (cells, _, count, at) => {
    for (let i = 0; i < count; i++) distances[i] = cells[i]! * width;
    route(x, dx, dy + at * width, byteOffset, count, channels);
  });
  return out;
}

function byNumbers(
  { allocate, numbers }: WasmCall,
  windows: Windows,
  input: TensorInfo,
  upstream: TensorInfo,
): TensorInfo {
  const out = allocate(input.shape);
  const [dx, dy, x] = [numbers(out).fill(0), numbers(upstream), numbers(input)];
  const channels = input.shape.at(-1)!;
  eachWindow(windows, (cells, _, count, at) => {
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
}
