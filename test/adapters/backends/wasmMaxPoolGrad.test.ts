import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { random } from '../../../src/core/random.js';

let undo: () => void;
beforeAll(async () => {
  undo = repairWasm();
  await tf.setBackend('wasm');
});
afterAll(() => undo());

type Pooling = readonly [size: number, window: number, stride: number, pad: 'valid' | 'same'];
const CHANNELS = 2;

/** Numbers a tenth apart in random order, from below zero to above, so that whole windows are negative. */
function distinct(n: number): number[] {
  const draw = random(n);
  const values = Array.from({ length: n }, (_, i) => (i - 0.8 * n) / 10);
  return values.sort(() => draw() - 0.5);
}

/** Σ dY · maxPool(x) for one image of `[size, size, CHANNELS]`, in float64. */
function pooled(x: readonly number[], dy: readonly number[], [size, window, stride, pad]: Pooling): number {
  const out = pad === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
  const before = pad === 'same' ? Math.floor(Math.max(0, (out - 1) * stride + window - size) / 2) : 0;
  let sum = 0;
  for (let i = 0; i < out; i++)
    for (let j = 0; j < out; j++)
      for (let c = 0; c < CHANNELS; c++) {
        const inside: number[] = [];
        for (let row = i * stride - before; row < i * stride - before + window; row++)
          for (let column = j * stride - before; column < j * stride - before + window; column++)
            if (row >= 0 && column >= 0 && row < size && column < size)
              inside.push(x[(row * size + column) * CHANNELS + c]!);
        sum += dy[(i * out + j) * CHANNELS + c]! * Math.max(...inside);
      }
  return sum;
}

test.each([
  [4, 2, 2, 'valid'],
  [5, 3, 2, 'same'],
  [5, 2, 1, 'valid'],
  [6, 3, 1, 'same'],
  [7, 3, 3, 'same'],
] as Pooling[])(
  'the gradient of max pooling %s by windows of %s, stride %s, %s, is its difference quotient',
  (...pooling) => {
    const [size, window, stride, pad] = pooling;
    const x = distinct(size * size * CHANNELS);
    const shape: [number, number, number, number] = [1, size, size, CHANNELS];
    const y = tf.maxPool(tf.tensor4d(x, shape), window, stride, pad);
    const dy = distinct(y.size).map((d) => d + 0.05);
    const loss = (image: tf.Tensor4D) => tf.sum(tf.mul(tf.maxPool(image, window, stride, pad), tf.tensor(dy, y.shape)));
    const gradient = tf
      .grad(loss as (x: tf.Tensor) => tf.Tensor)(tf.tensor4d(x, shape))
      .dataSync();
    // Piecewise linear, and no value is within the step of another: the quotient is exact.
    const moved = (at: number, by: number) =>
      pooled(
        x.map((v, i) => (i === at ? v + by : v)),
        dy,
        pooling,
      );
    x.forEach((_, i) => expect(gradient[i]).toBeCloseTo((moved(i, 0.01) - moved(i, -0.01)) / 0.02, 4));
  },
);

test('of several largest values the first gets the gradient, and nothing is left behind', () => {
  const before = tf.memory();
  tf.tidy(() => {
    const f = (x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'));
    expect([
      ...tf
        .grad(f)(tf.fill([1, 2, 2, 1], -3))
        .dataSync(),
    ]).toEqual([1, 0, 0, 0]);
  });
  expect(tf.memory().numTensors).toBe(before.numTensors);
});
