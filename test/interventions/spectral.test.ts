import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { spectral } from '../../src/interventions/spectral.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'spectral', make: () => spectral(0.1), zero: () => spectral(0), calls: 1, keeps: 3 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** diag(3, 1) turned by 0.4 on the left and 1.1 on the right: u = (cos, sin) 0.4, v = (cos, sin) 1.1, σ = 3. */
function turned(): number[][] {
  const [a, b] = [0.4, 1.1];
  const [u, v] = [a, b].map((t) => [Math.cos(t), Math.sin(t)]);
  const [s, t] = [a, b].map((t) => [-Math.sin(t), Math.cos(t)]);
  return [0, 1].map((i) => [0, 1].map((j) => 3 * u![i]! * v![j]! + s![i]! * t![j]!));
}

test('spectral comes to add (λ/2) σ² to the loss and λ σ u vᵀ to the gradient', () => {
  const w = tf.variable(tf.tensor2d(turned()));
  const step = spectral(0.5)(gradient);
  const at = (i: number) => step(objectiveOf([w], () => tf.mul(0, w), i));
  for (let i = 0; i < 20; i++) at(i);
  const { loss, grads, report } = at(20);
  expect(numbers(loss)[0]).toBeCloseTo(0.25 * 9, 5);
  const expected = [0.4, 0.4 - Math.PI / 2].flatMap((a) =>
    [1.1, 1.1 - Math.PI / 2].map((b) => 0.5 * 3 * Math.cos(a) * Math.cos(b)),
  );
  numbers(grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 5));
  expect(numbers(report!['spectral.largest']!() as tf.Tensor)[0]).toBeCloseTo(3, 5);
  step.dispose!();
});

test('spectral takes a kernel of a convolution as the matrix [height · width · channels, out]', () => {
  const values = [1, 2, -1, 0, 3, 1, 0, -2, 1, 1, 2, 0.5, -1, 1, 0, 2];
  const [kernel, flat] = [tf.variable(tf.tensor4d(values, [2, 2, 1, 4])), tf.variable(tf.tensor2d(values, [4, 4]))];
  const [a, b] = [kernel, flat].map((w) => {
    const step = spectral(1)(gradient);
    const { grads } = step(objectiveOf([w], () => tf.mul(0, w)));
    step.dispose!();
    return numbers(grads[w.name]);
  });
  expect(a).toEqual(b);
});

test('spectral turns its vectors once a step, so that sam compares like with like', () => {
  const w = tf.variable(tf.tensor2d(turned()));
  const step = spectral(1)(gradient);
  const at = (i: number) => numbers(step(objectiveOf([w], () => tf.mul(0, w), i)).loss)[0]!;
  const [first, again, second] = [at(0), at(0), at(1)];
  expect(again).toBe(first);
  expect(second).toBeGreaterThan(first);
  step.dispose!();
});

test('spectral leaves a matrix of zeros alone, and holds no biases', () => {
  const [w, b] = [tf.variable(tf.zeros([2, 3])), tf.variable(tf.tensor1d([5]))];
  const step = spectral(1)(gradient);
  const { grads } = step(objectiveOf([w, b], () => tf.add(tf.sum(w), tf.sum(b))));
  expect([w, b].map(({ name }) => numbers(grads[name]))).toEqual([Array(6).fill(1), [1]]);
  step.dispose!();
});

test('spectral refuses a network without weight matrices, and strengths that are none', () => {
  const b = tf.variable(tf.tensor1d([5]));
  expect(() => spectral(1)(gradient)(objectiveOf([b], () => b))).toThrow('spectral: only must leave at least one');
  expect(() => spectral(-1)).toThrow('spectral: strength must be >= 0, got -1');
});
