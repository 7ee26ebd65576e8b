import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('reshape and cast on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const numbers = (): tf.Tensor2D => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);

  test.each([
    ['reshape to its own shape', (x: tf.Tensor) => tf.reshape(x, [2, 3])],
    ['cast to its own type', (x: tf.Tensor) => tf.cast(x, 'float32')],
  ])('%s shares the data, which live as long as one of the two', (_, same) => {
    const before = tf.memory();
    const x = numbers();
    const y = same(x);
    expect([y.shape, y.dtype]).toEqual([[2, 3], 'float32']);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...tf.add(y, 1).dataSync()]).toEqual([2, 3, 4, 5, 6, 7]);
    y.dispose();
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
  });

  test('a variable that is assigned leaves what shared its data as it was', () => {
    const w = tf.variable(numbers());
    const y = tf.reshape(w, [2, 3]);
    w.assign(tf.zeros([2, 3]));
    expect([...y.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...w.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('to another shape or type they go on as before', () => {
    const x = numbers();
    expect(tf.reshape(x, [3, -1]).arraySync()).toEqual([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a matrix
    expect(tf.reshape(x, [-1, 3]).shape).toEqual([2, 3]);
    expect(tf.cast(tf.tensor1d([1.5, -2.5, 0]), 'int32').arraySync()).toEqual([1, -2, 0]);
    expect(tf.cast(tf.tensor1d([2, 0]), 'bool').arraySync()).toEqual([1, 0]);
    expect(() => tf.reshape(x, [4, 2])).toThrow();
  });

  test.each([
    ['int32', () => tf.tensor1d([1, -2], 'int32')],
    ['bool', () => tf.tensor1d([true, false], 'bool')],
  ] as const)('whole numbers and flags are what they were: %s', (type, make) => {
    const x: tf.Tensor = make();
    expect(tf.cast(x, type).arraySync()).toEqual(x.arraySync());
    expect(tf.reshape(x, [2]).arraySync()).toEqual(x.arraySync());
  });

  test('so are words', () => {
    expect(tf.reshape(tf.tensor1d(['a', 'b']), [2]).arraySync()).toEqual(['a', 'b']);
  });
});
