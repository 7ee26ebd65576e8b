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

type Pooling = readonly [size: number, window: number, stride: number, pad: 'valid' | 'same', channels: number];

/** Numbers a tenth apart in random order, from below zero to above, so that whole windows are negative. */
function distinct(n: number): number[] {
  const draw = random(n);
  const values = Array.from({ length: n }, (_, i) => (i - 0.8 * n) / 10);
  return values.sort(() => draw() - 0.5);
}

/** Σ dY · maxPool(x) for one image of `[size, size, channels]`, in float64. */
function pooled(x: readonly number[], dy: readonly number[], [size, window, stride, pad, channels]: Pooling): number {
  const out = pad === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
  const before = pad === 'same' ? Math.floor(Math.max(0, (out - 1) * stride + window - size) / 2) : 0;
  let sum = 0;
  for (let i = 0; i < out; i++)
    for (let j = 0; j < out; j++)
      for (let c = 0; c < channels; c++) {
        const inside: number[] = [];
        for (let row = i * stride - before; row < i * stride - before + window; row++)
          for (let column = j * stride - before; column < j * stride - before + window; column++)
            if (row >= 0 && column >= 0 && row < size && column < size)
              inside.push(x[(row * size + column) * channels + c]!);
        sum += dy[(i * out + j) * channels + c]! * Math.max(...inside);
      }
  return sum;
}

// Multiples of four channels go another way.
test.each([
  [4, 2, 2, 'valid', 2],
  [5, 3, 2, 'same', 2],
  [5, 2, 1, 'valid', 2],
  [6, 3, 1, 'same', 2],
  [7, 3, 3, 'same', 2],
  [4, 2, 2, 'valid', 4],
  [5, 3, 2, 'same', 4],
  [5, 2, 1, 'valid', 8],
] as Pooling[])(
  'the gradient of max pooling %s by windows of %s, stride %s, %s, of %s channels, is its difference quotient',
  (...pooling) => {
    const [size, window, stride, pad, channels] = pooling;
    const x = distinct(size * size * channels);
    const shape: [number, number, number, number] = [1, size, size, channels];
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

test.each([1, 4])('of several largest values in %s channels the first gets the gradient, and nothing is left', (n) => {
  const before = tf.memory();
  tf.tidy(() => {
    const f = (x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'));
    const gradient = tf.grad(f)(tf.fill([1, 2, 2, n], -3));
    expect([...gradient.dataSync()]).toEqual([1, 0, 0, 0].flatMap((g) => new Array(n).fill(g)));
  });
  expect(tf.memory().numTensors).toBe(before.numTensors);
});
