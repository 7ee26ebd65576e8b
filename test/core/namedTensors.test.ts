import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { addScaled, globalNorm, ofLength, scale } from '../../src/core/namedTensors.js';
import { allNumbers } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));

test('ofLength gives a vector its direction and the length asked for, over all tensors together', () => {
  const { a, b } = ofLength({ a: tf.scalar(3), b: tf.tensor1d([0, 4]) }, 10);
  expect([...a!.dataSync(), ...b!.dataSync()]).toEqual([6, 0, 8]);
});

test('ofLength is the scaling by length over norm, bit for bit', () => {
  const v = { a: tf.randomNormal([7], 0, 1, 'float32', 1), b: tf.randomNormal([3, 2], 0, 1e-3, 'float32', 2) };
  expect(allNumbers(ofLength(v, 0.05))).toEqual(allNumbers(scale(v, tf.div<tf.Scalar>(0.05, globalNorm(v)))));
});

test('ofLength leaves 0 at 0, and what is as good as 0 shorter than asked', () => {
  expect(allNumbers(ofLength({ a: tf.zeros([2]) }, 1))).toEqual({ a: [0, 0] });
  for (const tiny of [1e-15, 1e-30]) {
    const [short] = [...ofLength({ a: tf.scalar(tiny) }, 1).a!.dataSync()];
    expect(short).toBeCloseTo(tiny / 1e-12, 6);
  }
});

test('ofLength is NaN throughout, not 0, where the norm overflows', () => {
  const huge = { a: tf.tensor1d([1e20, 0]), b: tf.scalar(1) };
  expect(allNumbers(ofLength(huge, 1))).toEqual({ a: [NaN, NaN], b: [NaN] });
});

test('addScaled adds by name, a factor of the second to the first', () => {
  const [a, b] = [
    { u: tf.scalar(1), v: tf.tensor1d([2, 3]) },
    { v: tf.tensor1d([10, 20]), u: tf.scalar(30) },
  ];
  expect(allNumbers(addScaled(a, b, 0.5))).toEqual({ u: [16], v: [7, 13] });
  expect(allNumbers(addScaled(a, b, tf.scalar(-1)))).toEqual({ u: [-29], v: [-8, -17] });
});
