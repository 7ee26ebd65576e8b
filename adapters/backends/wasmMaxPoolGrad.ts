import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { wasmKernel } from './wasmKernel.js';

/**
 * ∂L/∂x of max pooling: each dY goes to the largest element of its window, the first of equals in reading order.
 *
 * The loops of tfjs-wasm begin at the smallest number above 0 instead of −∞, so that windows without an element above 0
 * (all of them after a tanh that is negative there) lose their gradient without a word; and they take ten times as long.
 */
export const wasmMaxPoolGrad = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { input, dy } = inputs as { input: TensorInfo; dy: TensorInfo };
  const dx = allocate(input.shape);
  scatter(numbers(dx).fill(0), numbers(dy), numbers(input), windows(input.shape, attrs));
  return dx;
});

function windows(shape: number[], attrs: NamedAttrMap): backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
  return backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
}

type Shape4D = [number, number, number, number];

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function scatter(dx: Float32Array, dy: Float32Array, x: Float32Array, info: backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  let p = 0;
  for (let b = 0; b < batchSize; b++)
    for (let y = 0; y < outHeight; y++) {
      const top = Math.max(0, y * strideHeight - padInfo.top);
      const bottom = Math.min(inHeight, y * strideHeight - padInfo.top + filterHeight);
      for (let q = 0; q < outWidth; q++) {
        const left = Math.max(0, q * strideWidth - padInfo.left);
        const right = Math.min(inWidth, q * strideWidth - padInfo.left + filterWidth);
        for (let c = 0; c < channels; c++) {
          let largest = ((b * inHeight + top) * inWidth + left) * channels + c;
          for (let i = top; i < bottom; i++)
            for (let j = left; j < right; j++) {
              const here = ((b * inHeight + i) * inWidth + j) * channels + c;
              if (x[here]! > x[largest]!) largest = here;
            }
          dx[largest]! += dy[p++]!;
        }
      }
    }
}
