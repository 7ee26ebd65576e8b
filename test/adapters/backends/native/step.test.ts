import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('step on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const x = [NaN, -Infinity, -3, -0, 0, 1e-30, 2, Infinity];

  test.each([0, 0.1, 1, -2])('is 1 above 0, NaN of NaN, and else α = %s', (alpha) => {
    const below = Math.fround(alpha);
    const expected = [NaN, below, below, below, below, 1, 1, 1];
    // In any company, for numbers taken together and those left over pass through different instructions.
    for (let n = 1; n <= 3 * x.length; n++) {
      const numbers = Array.from({ length: n }, (_, i) => i % x.length);
      const stepped = tf.step(tf.tensor1d(numbers.map((i) => x[i]!)), alpha).dataSync();
      expect(stepped).toEqual(new Float32Array(numbers.map((i) => expected[i]!)));
    }
  });

  test('of integers is an integer', () => {
    const input = tf.tensor1d([1, -2, 0, 12345678], 'int32');
    expect(tf.step(input).dtype).toBe('int32');
    expect([...tf.step(input).dataSync()]).toEqual([1, 0, 0, 1]);
    expect([...tf.step(input, 3).dataSync()]).toEqual([1, 3, 3, 1]);
  });

  test('leaves no tensor', () => {
    const input = tf.tensor1d(x);
    const before = tf.memory();
    tf.step(input, 0.5).dispose();
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
