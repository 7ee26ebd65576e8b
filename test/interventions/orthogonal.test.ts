import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { orthogonal } from '../../src/interventions/orthogonal.js';
import { allNumbers } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));

test('orthogonal takes off what lies along the other vector, of all tensors together', () => {
  const [v, u] = [
    { a: tf.tensor1d([1, 2]), b: tf.scalar(3) },
    { a: tf.tensor1d([0, 3]), b: tf.scalar(4) },
  ];
  // v·û = 18/5, and û = (0, 3, 4) / 5.
  const { a, b } = allNumbers(orthogonal(v, u));
  [1, 2 - 54 / 25].forEach((x, i) => expect(a![i]).toBeCloseTo(x, 6));
  expect(b![0]).toBeCloseTo(3 - 72 / 25, 6);
});

test('orthogonal to 0 is everything', () => {
  expect(allNumbers(orthogonal({ a: tf.tensor1d([1, 2]) }, { a: tf.zeros([2]) }))).toEqual({ a: [1, 2] });
});
