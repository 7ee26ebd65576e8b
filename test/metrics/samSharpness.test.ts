import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { samSharpness } from '../../src/metrics/samSharpness.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { golden, goldenNames } from '../golden.js';

testProbe({
  name: 'samSharpness',
  make: samSharpness,
  networks: goldenNames,
  expected: ({ expected }) => [{ name: 'sharpness.sam', value: expected.sam.l2.gap, attributes: { rho: 0.05 } }],
  tolerance: 1e-6,
});

const measure = (w: tf.Variable, loss: () => tf.Tensor, rho: number): unknown =>
  samSharpness({ rho }).measure(stepOf(objectiveOf([w], loss)).step)[0]!.value;

test('samSharpness of ½λw² is λ|w|ρ + λρ²/2', () => {
  const w = tf.variable(tf.scalar(-2));
  expect(measure(w, () => tf.mul(1.5, tf.square(w)), 0.25)).toBeCloseTo(3 * 2 * 0.25 + (3 * 0.25 ** 2) / 2, 6);
});

test('samSharpness at a minimum is 0', () => {
  const w = tf.variable(tf.tensor1d([0, 0]));
  expect(measure(w, () => tf.square(w), 0.25)).toBe(0);
});

test('samSharpness is NaN, not 0, where the norm of the gradient overflows', () => {
  const w = tf.variable(tf.scalar(0));
  expect(measure(w, () => tf.mul(1e20, tf.softplus(w)), 0.25)).toBe(NaN);
});

test('samSharpness shares the gradient of the step where it measures on its batch in its mode', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger } = stepOf(objective);
  step.plain();
  samSharpness().measure(step);
  expect(ledger.evaluations()).toBeCloseTo(1 + 1 / 3, 12);
  samSharpness({ on: objective.batch! }).measure(step);
  expect(ledger.evaluations()).toBeCloseTo(2 + 2 / 3, 12);
  dispose();
});

test('samSharpness measures a loop without modes as it is, and says no mode', () => {
  const w = tf.variable(tf.scalar(1));
  const { step } = stepOf(objectiveOf([w], () => tf.square(w)));
  expect(samSharpness().measure(step)[0]!.attributes).toEqual({ rho: 0.05 });
});

test('samSharpness on a loop that cannot change its batch says what to do', () => {
  const w = tf.variable(tf.scalar(1));
  const on = { x: tf.zeros([2, 1]), y: tf.zeros([2, 1]) };
  const { step } = stepOf(objectiveOf([w], () => tf.square(w)));
  expect(samSharpness({ on }).needs).toEqual({ batch: true });
  expect(() => samSharpness({ on }).measure(step)).toThrow('samSharpness with on: the objective must have withBatch');
});

test('a fixed set is refused once it is disposed of, at construction and when measuring', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { x, y } = objective.batch!;
  const on = { x: tf.clone(x as tf.Tensor), y };
  const probe = samSharpness({ on });
  on.x.dispose();
  const refusal = 'samSharpness: on holds a tensor that is disposed of; keep it until the run has stopped';
  expect(() => probe.measure(stepOf(objective).step)).toThrow(refusal);
  expect(() => samSharpness({ on })).toThrow(refusal);
  dispose();
});

test.each([0, -1, NaN, Infinity])('samSharpness refuses rho = %s', (rho) => {
  expect(() => samSharpness({ rho })).toThrow(`samSharpness: rho must be positive and finite, got ${rho}`);
});
