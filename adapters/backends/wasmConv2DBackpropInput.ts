import type { backend_util, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { explicitlyPadded } from './explicitPad.js';
import { geometry } from './wasmConv2D.js';
import { type Run, type WasmCall, wasmKernel } from './wasmKernel.js';

/**
 * ∂L/∂input of a convolution, as a convolution of dY with the filter turned round, its channels exchanged. Row R of the
 * padded input, R = Y·s + a with 0 ≤ a < s, gets
 *
 *     dX[b, Y·s + a, …, c] = Σ_{u,…,o} dY[b, Y − u, …, o] · W[u·s + a, …, c, o]
 *
 * so a stride s makes s² small convolutions of stride 1, which run as one with s² times the channels; their results are
 * then interleaved. The loops of tfjs-wasm take 3 to 16 times as long; they remain for what XNNPACK does not take,
 * `NCHW`, for unequal strides, and for a dY of another size than the convolution gives, of which they read a part.
 */
export const wasmConv2DBackpropInput = (stock: KernelFunc): KernelFunc =>
  wasmKernel((call) => {
    const { inputs, attrs, run } = call;
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const info = geometry(attrs.inputShape as number[], filter.shape, attrs);
    const { strideHeight: stride, strideWidth, padInfo, inHeight, inWidth } = info;
    const odd = info.outShape.some((n, d) => n !== dy.shape[d]);
    if (info.dataFormat !== 'channelsLast' || stride !== strideWidth || odd)
      return run(explicitlyPadded(stock), inputs, attrs);

    const turned = turn(call, filter, stride);
    const [first, last] = [Math.floor(padInfo.top / stride), Math.ceil((inHeight + padInfo.top) / stride)];
    const [left, right] = [Math.floor(padInfo.left / stride), Math.ceil((inWidth + padInfo.left) / stride)];
    const [taps, tapsAcross] = turned.shape as [number, number];
    const x = window(run, dy, [first - taps + 1, left - tapsAcross + 1], [last, right]);
    const phases = run('Conv2D', { x, filter: turned }, { strides: 1, dilations: 1, pad: 'valid', dataFormat: 'NHWC' });
    return stride === 1 ? phases : interleave(call, phases, info);
  });

/** The filter as `[⌈height/s⌉, ⌈width/s⌉, out, s·s·in]`, back to front, 0 beyond its edges. */
function turn({ allocate, numbers }: WasmCall, filter: TensorInfo, s: number): TensorInfo {
  const [height, width, cin, cout] = filter.shape as [number, number, number, number];
  const [taps, tapsAcross] = [Math.ceil(height / s), Math.ceil(width / s)];
  const turned = allocate([taps, tapsAcross, cout, s * s * cin]);
  const [to, from] = [numbers(turned), numbers(filter)];
  let p = 0;
  for (let t = taps - 1; t >= 0; t--)
    for (let u = tapsAcross - 1; u >= 0; u--)
      for (let o = 0; o < cout; o++)
        for (let i = t * s; i < t * s + s; i++)
          for (let j = u * s; j < u * s + s; j++)
            for (let c = 0; c < cin; c++)
              to[p++] = i < height && j < width ? from[((i * width + j) * cin + c) * cout + o]! : 0;
  return turned;
}

/** Rows and columns `from` to before `to` of dY, and zeros where it has none. */
function window(run: Run, dy: TensorInfo, from: readonly [number, number], to: readonly [number, number]): TensorInfo {
  const [batch, height, width, channels] = dy.shape as [number, number, number, number];
  const before = from.map((n) => Math.max(0, -n)) as [number, number];
  const after = [Math.max(0, to[0] - height), Math.max(0, to[1] - width)] as const;
  const paddings = [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ];
  const padded = paddings.flat().some((n) => n > 0) ? run('PadV2', { x: dy }, { paddings, constantValue: 0 }) : dy;
  const size = [batch, to[0] - from[0], to[1] - from[1], channels];
  if (size.every((n, d) => n === padded.shape[d])) return padded;
  return run('Slice', { x: padded }, { begin: [0, from[0] + before[0], from[1] + before[1], 0], size });
}

/** Puts the results of the s² convolutions in their rows and columns; DepthToSpace takes ten times as long. */
function interleave(call: WasmCall, phases: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { inShape, inHeight, inWidth, inChannels, batchSize, strideHeight: s, padInfo } = info;
  const [, rows, columns] = phases.shape as [number, number, number];
  const out = call.allocate(inShape);
  const [to, from] = [call.numbers(out), call.numbers(phases)];
  const [top, left] = [padInfo.top % s, padInfo.left % s];
  let p = 0;
  for (let b = 0; b < batchSize; b++)
    for (let y = top; y < top + inHeight; y++) {
      const row = (b * rows + Math.floor(y / s)) * columns;
      for (let x = left; x < left + inWidth; x++) {
        let q = (((row + Math.floor(x / s)) * s + (y % s)) * s + (x % s)) * inChannels;
        for (const end = q + inChannels; q < end; q++) to[p++] = from[q]!;
      }
    }
  return out;
}
