import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { channelsLast, geometry } from './wasmConv2D.js';
import type { WasmGradients } from './wasmGradients.js';
import { reshape, transpose, type WasmCall, wasmKernel } from './wasmKernel.js';

/**
 * ∂L/∂filter of a convolution, which tfjs-wasm lacks, so that no convolutional network trains on it:
 *
 *     dW[i, j, c, o] = Σ_{b,y,x} X[b, y·s + i − top, x·s + j − left, c] · dY[b, y, x, o]
 *
 * `correlate` sums it up, a row of dY at a time. XNNPACK would first bring one of the operands into an order of its own, which
 * takes as long as the products and longer. It does where `correlate` cannot be had, or the outputs are no multiple of 4: with
 * many channels as a convolution, of X with dY as its filter, batch and channels exchanged and strides become dilations. With
 * few, a product of a matrix of patches with dY is up to twice as fast, and for 1×1 filters 2 to 8 times.
 */
export const wasmConv2DBackpropFilter = wasmKernel((call) => {
  const { inputs, attrs, run, gradients } = call;
  const info = geometry(inputs.x!.shape, attrs.filterShape as number[], attrs);
  const [x, dy] = [channelsLast(run, inputs.x!, info), channelsLast(run, inputs.dy!, info)];
  if (gradients && info.outChannels % 4 === 0 && isOutput(dy, info)) return byRows(call, gradients, x, dy, info);
  const few = info.inChannels <= FEW || info.filterHeight * info.filterWidth === 1;
  return few ? byPatches(call, x, dy, info) : byExchange(call, x, dy, info);
});

/** Whether dY is of the size that the convolution gives: tfjs takes any. */
const isOutput = ({ shape }: TensorInfo, { batchSize, outHeight, outWidth }: backend_util.Conv2DInfo): boolean =>
  shape[0] === batchSize && shape[1] === outHeight && shape[2] === outWidth;

/** Row by row of the output, for each place in the filter; what would read padding is left out. */
function byRows(
  { allocate, numbers, pointer }: WasmCall,
  { correlate }: WasmGradients,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const out = allocate(info.filterShape);
  numbers(out).fill(0);
  const [dw, from, upstream] = [pointer(out), pointer(x), pointer(dy)];
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++) {
      const first = Math.max(0, Math.ceil((padInfo.left - j) / strideWidth));
      const end = Math.min(outWidth, Math.floor((inWidth - 1 + padInfo.left - j) / strideWidth) + 1);
      if (end <= first) continue;
      const sums = dw + FLOAT * (i * filterWidth + j) * inChannels * outChannels;
      const column = first * strideWidth + j - padInfo.left;
      for (let b = 0; b < batchSize; b++)
        for (let y = 0, row = i - padInfo.top; y < outHeight; y++, row += strideHeight) {
          if (row < 0 || row >= inHeight) continue;
          const here = from + FLOAT * ((b * inHeight + row) * inWidth + column) * inChannels;
          const there = upstream + FLOAT * ((b * outHeight + y) * outWidth + first) * outChannels;
          correlate(sums, here, there, end - first, inChannels, strideWidth * inChannels, outChannels);
        }
    }
  return out;
}

/** Bytes of a number. */
const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** Channels up to which patches win; measured on images of 4×4 to 32×32, filters of 3×3. */
const FEW = 6;

function byExchange({ run }: WasmCall, x: TensorInfo, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
  const { top, bottom, left, right } = info.padInfo;
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const padded = top + bottom + left + right > 0 ? run('PadV2', { x }, { paddings, constantValue: 0 }) : x;
  const swapped = run(
    'Conv2D',
    { x: transpose(run, padded, [3, 1, 2, 0]), filter: transpose(run, dy, [1, 2, 0, 3]) },
    { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: [strideHeight, strideWidth] },
  );
  // Rows and columns of x beyond the last stride give places the filter does not have.
  const size = [inChannels, filterHeight, filterWidth, outChannels];
  const fits = swapped.shape.every((n, i) => n === size[i]);
  return transpose(run, fits ? swapped : run('Slice', { x: swapped }, { begin: [0, 0, 0, 0], size }), [1, 2, 0, 3]);
}

function byPatches(call: WasmCall, x: TensorInfo, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { run } = call;
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const columns = reshape(run, dy, [1, batchSize * outHeight * outWidth, outChannels]);
  const product = run(
    'BatchMatMul',
    { a: patches(call, x, info), b: columns },
    { transposeA: false, transposeB: false },
  );
  return reshape(run, product, info.filterShape);
}

/** What each weight of the filter sees: `[1, height·width·channels of the filter, batch·height·width of the output]`. */
function patches({ allocate, numbers }: WasmCall, x: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { batchSize, filterHeight, filterWidth, inChannels, inHeight, inWidth, outHeight, outWidth } = info;
  const { strideHeight, strideWidth, padInfo } = info;
  const out = allocate([1, filterHeight * filterWidth * inChannels, batchSize * outHeight * outWidth]);
  const [to, from] = [numbers(out), numbers(x)];
  let p = 0;
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++)
      for (let c = 0; c < inChannels; c++)
        for (let b = 0; b < batchSize; b++)
          for (let y = 0, row = i - padInfo.top; y < outHeight; y++, row += strideHeight) {
            const inside = row >= 0 && row < inHeight;
            const start = (b * inHeight + row) * inWidth * inChannels + c;
            for (let q = 0, column = j - padInfo.left; q < outWidth; q++, column += strideWidth)
              to[p++] = inside && column >= 0 && column < inWidth ? from[start + column * inChannels]! : 0;
          }
  return out;
}
