import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { type Convolution, filterGradient, inputGradient, product } from './naive.js';

let undo: () => void;
beforeAll(async () => {
  undo = repairWasm();
  await tf.setBackend('wasm');
});
afterAll(() => undo());

/** A tensor of numbers in (−1, 1), the same ones for the same seed. */
const noise = (shape: number[], seed = 1): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

/** The largest difference, in units of the largest expected number. */
function error(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [worst, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return worst / scale;
}

/** Runs `f` and checks that it leaves no tensor and no memory of the backend behind. */
function leavingNothing(f: () => void): void {
  const count = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.engine().backend.numDataIds()];
  const before = count();
  tf.tidy(f);
  expect(count()).toEqual(before);
}

describe('matMul on repaired wasm equals float64', () => {
  const cases = [
    { a: [5, 7], b: [7, 3] },
    { a: [1, 200], b: [200, 1] },
    { a: [33, 130], b: [130, 65] },
    { a: [4, 5, 7], b: [4, 7, 3] },
    { a: [4, 5, 7], b: [7, 3] },
    { a: [4, 5, 70], b: [1, 70, 3] },
    { a: [1, 5, 70], b: [4, 70, 3] },
    { a: [2, 1, 5, 60], b: [1, 3, 60, 4] },
    { a: [2, 3, 5, 60], b: [3, 60, 4] },
    { a: [2, 1, 30, 40], b: [1, 3, 40, 20] },
    // So few rows that the product is turned.
    { a: [3, 80], b: [80, 50] },
    { a: [1, 90], b: [90, 70] },
    { a: [2, 3, 80], b: [1, 80, 50] },
    { a: [2, 1, 3, 80], b: [80, 50] },
  ];
  for (const { a, b } of cases)
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const)
      test(`for [${a}] by [${b}]${transposeA ? ', left transposed' : ''}${transposeB ? ', right transposed' : ''}`, () => {
        leavingNothing(() => {
          const left = noise(transposeA ? flipped(a) : a, 1);
          const right = noise(transposeB ? flipped(b) : b, 2);
          const c = tf.matMul(left, right, transposeA, transposeB);
          const expected = batchedProduct(left, right, transposeA, transposeB);
          expect(c.shape).toEqual(expected.shape);
          expect(error(c.dataSync(), expected.values)).toBeLessThan(1e-6);
        });
      });
});

test.each([
  { a: [6, 100], b: [100, 5] },
  { a: [3, 6, 100], b: [3, 100, 5] },
  { a: [3, 6, 100], b: [1, 100, 5] },
])('a fused product of $a by $b adds its bias once and clips at zero last', ({ a, b }) => {
  leavingNothing(() => {
    const [left, right, bias] = [noise(flipped(a), 1), noise(flipped(b), 2), noise([5], 3)];
    const out = tf.fused.matMul({ a: left, b: right, transposeA: true, transposeB: true, bias, activation: 'relu' });
    const plain = batchedProduct(left, right, true, true).values;
    const shift = bias.dataSync();
    const expected = plain.map((v, i) => Math.max(0, v + shift[i % 5]!));
    expect(error(out.dataSync(), expected)).toBeLessThan(1e-6);
  });
});

describe('the gradients of conv2d on repaired wasm equal float64', () => {
  const pads = ['same', 'valid', 1, explicit(1, 2, 0, 3)] as const;
  const filters = [
    [1, 1],
    [3, 3],
    [2, 5],
  ] as const;
  const strides = [
    [1, 1],
    [2, 2],
    [1, 3],
    [4, 2],
  ] as const;
  const channels = [
    [1, 3],
    [4, 2],
    [7, 5],
    [1, 4],
    [6, 12],
  ] as const;
  // With a number for padding, tfjs takes the height's filter size and stride for the width too.
  const works = (pad: unknown, filter: readonly number[], stride: readonly number[]) =>
    typeof pad !== 'number' || (filter[0] === filter[1] && stride[0] === stride[1]);
  const cases = pads.flatMap((pad) =>
    filters.flatMap((filter) =>
      strides.filter((stride) => works(pad, filter, stride)).map((stride) => ({ pad, filter, stride })),
    ),
  );
  test.each(cases)('pad $pad, filter $filter, strides $stride', ({ pad, filter, stride }) => {
    for (const size of [
      [7, 9],
      [8, 8],
    ] as const)
      for (const [cin, cout] of channels) checkGradients(size, [...filter, cin, cout], stride, pad);
  });

  function checkGradients(
    input: readonly [number, number],
    filterShape: [number, number, number, number],
    stride: readonly [number, number],
    pad: (typeof pads)[number],
  ): void {
    leavingNothing(() => {
      const [fh, fw, cin, cout] = filterShape;
      const x = noise([3, ...input, cin], 1) as tf.Tensor4D;
      const w = noise(filterShape, 2) as tf.Tensor4D;
      const y = tf.conv2d(x, w, [...stride], pad);
      const dy = noise(y.shape, 3) as tf.Tensor4D;
      const output = [y.shape[1]!, y.shape[2]!] as const;
      const before = [0, 1].map((d) => rowsBefore(pad, d, input[d]!, filterShape[d]!, stride[d]!, output[d]!));
      const conv: Convolution = {
        batch: 3,
        input,
        filter: [fh, fw],
        strides: stride,
        before: before as [number, number],
        output,
        channels: [cin, cout],
      };
      const [dx, dw] = tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [...stride], pad))([x, w], dy);
      expect(error(dw!.dataSync(), filterGradient(conv, x.dataSync(), dy.dataSync()))).toBeLessThan(2e-6);
      expect(error(dx!.dataSync(), inputGradient(conv, w.dataSync(), dy.dataSync()))).toBeLessThan(2e-6);
    });
  }
});

test.each([3, 4])('the filter gradient in NCHW is that in NHWC, of %s filters', (filters) => {
  leavingNothing(() => {
    const [x, dy] = [noise([2, 6, 5, 8], 1), noise([2, 6, 5, filters], 2)];
    const attrs = { strides: 1, pad: 'same', filterShape: [3, 3, 8, filters] };
    const gradient = (x: tf.Tensor, dy: tf.Tensor, dataFormat: string): tf.Tensor =>
      tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, dataFormat });
    const first = (t: tf.Tensor) => tf.transpose(t, [0, 3, 1, 2]);
    const expected = gradient(x, dy, 'NHWC').dataSync();
    expect(error(gradient(first(x), first(dy), 'NCHW').dataSync(), expected)).toBeLessThan(1e-6);
  });
});

test('a convolutional network with batch normalization and max pooling trains, with fused activations too', async () => {
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        inputShape: [8, 8, 1],
        kernelInitializer: init(1),
      }),
      layers.layers.batchNormalization(),
      layers.layers.activation({ activation: 'relu' }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: init(2),
      }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: init(3) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  // Bars across against bars down: no single pixel tells them apart.
  const pixels = Float32Array.from({ length: 64 * 64 }, (_, p) => {
    const [image, row, column] = [p >> 6, (p >> 3) & 7, p & 7];
    return (image % 2 ? row : column) === (image >> 1) % 8 ? 1 : 0;
  });
  const x = tf.tensor4d(pixels, [64, 8, 8, 1]);
  const y = tf.oneHot(
    Array.from({ length: 64 }, (_, i) => i % 2),
    2,
  );
  const { history } = await model.fit(x, y, { epochs: 20, batchSize: 32, verbose: 0, shuffle: false });
  expect(history.acc!.at(-1)).toBe(1);
  model.dispose();
  tf.dispose([x, y]);
});

test('repairing twice is repairing once, and undoing puts the kernels of tfjs back', () => {
  const registered = () => new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
  const repaired = registered();
  const undoAgain = repairWasm();
  expect(registered()).toEqual(repaired);
  undoAgain();
  const stock = registered();
  const changed = [...repaired].filter(([name, kernel]) => stock.get(name) !== kernel).map(([name]) => name);
  expect(changed).toEqual(expect.arrayContaining(['BatchMatMul', 'Conv2D', 'AvgPoolGrad', 'Conv3DBackpropInputV2']));
  expect(changed.filter((name) => !stock.has(name)).sort()).toEqual([
    'Conv2DBackpropFilter',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'UnsortedSegmentSum',
  ]);
  undoAgain();
  expect(registered()).toEqual(stock);
  undo = repairWasm();
  undoAgain();
  expect(changed.every((name) => registered().get(name) !== stock.get(name))).toBe(true);
});

test('a product whose inner dimensions differ is refused with both shapes', () => {
  const [a, b] = [noise([2, 3]), noise([4, 5])];
  const multiply = () => tf.engine().runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
  expect(multiply).toThrow('inner dimensions must match, got shapes [2,3] and [4,5]');
  tf.dispose([a, b]);
});

const init = (seed: number) => layers.initializers.glorotUniform({ seed });

function flipped(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
}

type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

function explicit(top: number, bottom: number, left: number, right: number): ExplicitPad {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** As TensorFlow defines it: 'same' puts the odd row after. */
function rowsBefore(
  pad: 'same' | 'valid' | number | ExplicitPad,
  dimension: number,
  size: number,
  filter: number,
  stride: number,
  output: number,
): number {
  if (pad === 'valid') return 0;
  if (pad === 'same') return Math.floor(Math.max((output - 1) * stride + filter - size, 0) / 2);
  return typeof pad === 'number' ? pad : pad[dimension + 1]![0]!;
}

/** Matrix by matrix, batch dimensions broadcast by counting through them. */
function batchedProduct(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean) {
  const rank = Math.max(a.rank, b.rank);
  const aligned = (t: tf.Tensor) => [...Array<number>(rank - t.rank).fill(1), ...t.shape];
  const [as, bs] = [aligned(a), aligned(b)];
  const [m, k] = (transposeA ? flipped(as) : as).slice(-2) as [number, number];
  const n = (transposeB ? flipped(bs) : bs).at(-1)!;
  const batch = as.slice(0, -2).map((size, d) => Math.max(size, bs[d]!));
  const [av, bv] = [a.dataSync(), b.dataSync()];
  const values: number[] = [];
  for (let i = 0; i < batch.reduce((p, q) => p * q, 1); i++) {
    const [ai, bi] = [matrixNumber(i, batch, as) * m * k, matrixNumber(i, batch, bs) * k * n];
    const left = (row: number, l: number) => av[ai + (transposeA ? l * m + row : row * k + l)]!;
    const right = (l: number, column: number) => bv[bi + (transposeB ? column * k + l : l * n + column)]!;
    values.push(...product([m, k, n], left, right));
  }
  return { shape: [...batch, m, n], values };
}

/** Which matrix of a tensor of shape `own` belongs to the `i`-th of the batch. */
function matrixNumber(i: number, batch: readonly number[], own: readonly number[]): number {
  let [index, step] = [0, 1];
  for (let d = batch.length - 1; d >= 0; d--) {
    if (own[d]! > 1) index += (i % batch[d]!) * step;
    step *= own[d]!;
    i = Math.floor(i / batch[d]!);
  }
  return index;
}
