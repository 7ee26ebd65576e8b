import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { clipByValue } from '../../src/interventions/clipByValue.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'clipByValue', make: () => clipByValue(0.01), zero: () => clipByValue(0), calls: 1 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('clipByValue holds every component within ±c, and reports the share that was beyond', () => {
  const w = tf.variable(tf.tensor1d([1, 1, 1, 1]));
  const objective = objectiveOf([w], () => tf.mul(w, [3, -4, 0.25, -0.25]));
  const { grads, report } = clipByValue(0.5)(gradient)(objective);
  expect(numbers(grads[w.name])).toEqual([0.5, -0.5, 0.25, -0.25]);
  expect(numbers(report!['clip.share']!() as tf.Tensor)).toEqual([0.5]);
});

test.each([-1, NaN])('clipByValue refuses a limit of %s', (c) => {
  expect(() => clipByValue(c)).toThrow(`clipByValue: limit must be >= 0, got ${c}`);
});
