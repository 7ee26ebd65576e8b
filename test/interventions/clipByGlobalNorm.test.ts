import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import type { Intervention } from '../../src/core/intervention.js';
import type { Objective } from '../../src/core/objective.js';
import { clipByGlobalNorm } from '../../src/interventions/clipByGlobalNorm.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({
  name: 'clipByGlobalNorm',
  make: () => clipByGlobalNorm(0.1),
  zero: () => clipByGlobalNorm(0),
  calls: 1,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** a u + b v, whose gradient is (a, b). */
const linear = (a: number, b: number): Objective => {
  const [u, v] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
  return objectiveOf([u, v], () => tf.add(tf.mul(a, u), tf.mul(b, v)));
};
const clipped = (intervention: Intervention, objective: Objective): number[] => {
  const { grads } = intervention(gradient)(objective);
  return objective.params.flatMap(({ name }) => numbers(grads[name]));
};

test('clipByGlobalNorm shortens the gradient to c, by one norm over all parameters', () => {
  const [a, b] = clipped(clipByGlobalNorm(1), linear(3, 4));
  expect(a).toBeCloseTo(0.6, 6);
  expect(b).toBeCloseTo(0.8, 6);
});

test('clipByGlobalNorm lets a gradient within c pass bit for bit, and one of zero', () => {
  expect(clipped(clipByGlobalNorm(5), linear(3, 4))).toEqual([3, 4]);
  expect(clipped(clipByGlobalNorm(100), linear(0.1, 0.7))).toEqual([0.1, 0.7].map(Math.fround));
  expect(clipped(clipByGlobalNorm(1), linear(0, 0))).toEqual([0, 0]);
});

test('clipByGlobalNorm makes NaN, not 0, of a gradient whose norm overflows', () => {
  expect(clipped(clipByGlobalNorm(1), linear(1e20, 1))).toEqual([NaN, NaN]);
});

test('clipByGlobalNorm reports the norm before and the factor', () => {
  const { report } = clipByGlobalNorm(2)(gradient)(linear(3, 4));
  expect(numbers(report!['clip.norm']!() as tf.Tensor)[0]).toBeCloseTo(5, 6);
  expect(numbers(report!['clip.factor']!() as tf.Tensor)[0]).toBeCloseTo(0.4, 6);
});

test('clipByGlobalNorm around sam clips what the optimizer would get', () => {
  const w = tf.variable(tf.tensor1d([3, 4]));
  const square = objectiveOf([w], () => tf.mul(0.5, tf.square(w)));
  // Without clipping sam gives (1 + 0.5/5) (3, 4), of norm 5.5.
  const [a, b] = clipped(compose(clipByGlobalNorm(1.1), sam({ rho: 0.5 })), square);
  expect(a).toBeCloseTo(0.66, 6);
  expect(b).toBeCloseTo(0.88, 6);
});

test.each([-1, NaN])('clipByGlobalNorm refuses a norm of %s', (c) => {
  expect(() => clipByGlobalNorm(c)).toThrow(`clipByGlobalNorm: maxNorm must be >= 0, got ${c}`);
});
