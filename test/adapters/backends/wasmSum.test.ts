import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';

let undo: () => void;
beforeAll(async () => {
  undo = repairWasm();
  await tf.setBackend('wasm');
});
afterAll(() => undo());

/** Sums of x over the axes, in float64, in reading order of what is kept. */
function sums(x: tf.Tensor, axes: readonly number[]): number[] {
  const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const found = new Float64Array(kept.reduce((n, d) => n * x.shape[d]!, 1));
  const strides = x.shape.map((_, d) => x.shape.slice(d + 1).reduce((a, b) => a * b, 1));
  x.dataSync().forEach((value, at) => {
    const to = kept.reduce((n, d) => n * x.shape[d]! + (Math.floor(at / strides[d]!) % x.shape[d]!), 0);
    found[to]! += value;
  });
  return [...found];
}

test.each([
  { shape: [300, 8], axis: [0], keepDims: false },
  { shape: [300, 8], axis: [0], keepDims: true },
  { shape: [5, 7, 9, 4], axis: [0, 1, 2], keepDims: false },
  { shape: [5, 7, 9, 4], axis: [2, 0, 1], keepDims: true },
  { shape: [20, 3, 4], axis: [0], keepDims: false },
  { shape: [20, 3, 4], axis: [1], keepDims: false },
  { shape: [20, 3], axis: [0], keepDims: false },
  { shape: [2, 4], axis: [0], keepDims: false },
  { shape: [40, 4], axis: [0, 1], keepDims: false },
])('the sum of $shape over $axis is that of float64, dimensions kept: $keepDims', ({ shape, axis, keepDims }) => {
  const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  tf.tidy(() => {
    const x = tf.randomUniform(shape, -1, 1, 'float32', 1);
    const found = tf.sum(x, axis, keepDims);
    const expected = sums(x, axis);
    expect(found.shape).toEqual(
      keepDims ? shape.map((n, d) => (axis.includes(d) ? 1 : n)) : shape.filter((_, d) => !axis.includes(d)),
    );
    found.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
  expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
});

test('a sum of a million terms of 0.1 is right to four digits: added one to the next, in float32, it is 1 % off', () => {
  tf.tidy(() => {
    const [found] = tf.sum(tf.fill([2 ** 20, 4], 0.1), 0).dataSync();
    expect(found! / (2 ** 20 * Math.fround(0.1))).toBeCloseTo(1, 4);
  });
});

test('integers are summed up as integers', () => {
  tf.tidy(() => {
    const found = tf.sum(tf.ones([40, 4], 'int32'), 0);
    expect(found.dtype).toBe('int32');
    expect([...found.dataSync()]).toEqual([40, 40, 40, 40]);
  });
});

test.each([
  { shape: [0, 8], axis: [0], kept: [8], dtype: 'float32' },
  { shape: [0, 3], axis: [0], kept: [3], dtype: 'float32' },
  { shape: [3, 0], axis: [1], kept: [3], dtype: 'int32' },
  { shape: [0], axis: [0], kept: [], dtype: 'float32' },
  { shape: [300, 0], axis: [0], kept: [0], dtype: 'float32' },
] as const)('the sum of $shape over $axis, of nothing, is 0 of $dtype', ({ shape, axis, kept, dtype }) => {
  tf.tidy(() => {
    // Memory that is used again is not 0.
    tf.dispose(Array.from({ length: 64 }, () => tf.fill([8], 7, dtype)));
    const found = tf.sum(tf.zeros([...shape], dtype), [...axis]);
    expect(found.dtype).toBe(dtype);
    expect(found.shape).toEqual(kept);
    expect([...found.dataSync()]).toEqual(new Array(found.size).fill(0));
  });
});
