import type { backend_util, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { geometry } from './wasmConv2D.js';
import { type Run, reshape, transpose, wasmKernel } from './wasmKernel.js';

/**
 * ∂L/∂input of a convolution, as a convolution of dY with the filter turned round, its channels exchanged:
 *
 *     dX[b, y, x, c] = Σ_{i,j,o} dY⁰[b, y + top − i, x + left − j, o] · W[i, j, c, o]
 *
 * where dY⁰ is dY with zeros between its rows and columns for strides. The loops of tfjs-wasm for it are about ten times
 * slower than XNNPACK; they remain for `NCHW`, which XNNPACK does not take.
 */
export const wasmConv2DBackpropInput = (stock: KernelFunc): KernelFunc =>
  wasmKernel(({ inputs, attrs, run }) => {
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const info = geometry(attrs.inputShape as number[], filter.shape, attrs);
    if (info.dataFormat !== 'channelsLast') return run(stock, inputs, attrs);
    const turned = transpose(run, run('Reverse', { x: filter }, { dims: [0, 1] }), [0, 1, 3, 2]);
    const x = fit(run, apart(run, dy, info), info);
    return run('Conv2D', { x, filter: turned }, { strides: 1, dilations: 1, pad: 'valid', dataFormat: 'NHWC' });
  });

/** dY with a stride's zeros after each row and column. */
function apart(run: Run, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const paddings = [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, (strideWidth - 1) * outChannels],
  ];
  const x = reshape(run, dy, [batchSize * outHeight, 1, outWidth, outChannels]);
  const padded = run('PadV2', { x }, { paddings, constantValue: 0 });
  return reshape(run, padded, [batchSize, outHeight * strideHeight, outWidth * strideWidth, outChannels]);
}

/** Pads or cuts at each side, so that a 'valid' convolution with the filter gives the shape of the input. */
function fit(run: Run, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { filterHeight, filterWidth, inHeight, inWidth, padInfo } = info;
  const [batch, height, width, channels] = dy.shape as [number, number, number, number];
  const before = [0, filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left, 0];
  const size = [batch, inHeight + filterHeight - 1, inWidth + filterWidth - 1, channels];
  const after = [batch, height, width, channels].map((n, d) => size[d]! - n - before[d]!);
  const paddings = before.map((n, d) => [Math.max(n, 0), Math.max(after[d]!, 0)]);
  const padded = paddings.flat().some((n) => n > 0) ? run('PadV2', { x: dy }, { paddings, constantValue: 0 }) : dy;
  const cut = [...before, ...after].some((n) => n < 0);
  return cut ? run('Slice', { x: padded }, { begin: before.map((n) => Math.max(-n, 0)), size }) : padded;
}
