import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { atOffset } from '../../src/core/atOffset.js';

beforeAll(() => tf.setBackend('cpu'));

test('f sees the moved weights, and the very same weights are back afterwards', () => {
  const w = tf.variable(tf.tensor1d([0.1, 1e8]));
  const still = tf.variable(tf.scalar(3));
  const before = [...w.dataSync()];
  const tensors = tf.memory().numTensors;
  const seen = tf.tidy(() => atOffset([w, still], { [w.name]: tf.tensor1d([0.2, 1]) }, () => [...w.dataSync()]));
  expect(seen[0]).toBeCloseTo(0.3, 6);
  expect([...w.dataSync()]).toEqual(before); // 1e8 + 1 − 1 would have lost the last digit
  expect(tf.memory().numTensors).toBe(tensors);
});

test('the weights are back also when f throws', () => {
  const w = tf.variable(tf.tensor1d([0.1]));
  const fail = () => {
    throw new Error('inside');
  };
  expect(() => tf.tidy(() => atOffset([w], { [w.name]: tf.tensor1d([1]) }, fail))).toThrow('inside');
  expect(w.dataSync()[0]).toBe(Math.fround(0.1));
});
