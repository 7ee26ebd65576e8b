import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { readBack } from '../../src/metrics/readBack.js';

beforeAll(() => tf.setBackend('cpu'));

test('readBack gives shape and values, and leaves no tensor', () => {
  const tensors = tf.memory().numTensors;
  const { shape, values } = readBack(() => tf.add(tf.tensor2d([[1, 2, 3]]), 1));
  expect(shape).toEqual([1, 3]);
  expect([...values]).toEqual([2, 3, 4]);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('readBack leaves a tensor that was there before', () => {
  const w = tf.tensor1d([5]);
  expect([...readBack(() => w).values]).toEqual([5]);
  expect(w.isDisposed).toBe(false);
  w.dispose();
});
