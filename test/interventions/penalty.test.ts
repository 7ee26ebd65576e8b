import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import type { Objective } from '../../src/core/objective.js';
import { penalty } from '../../src/interventions/penalty.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

const l1 = (params: readonly tf.Variable[]) => tf.addN(params.map((w) => tf.sum<tf.Scalar>(tf.abs(w))));

testIntervention({
  name: 'penalty',
  make: () => penalty('l1', l1, 0.1),
  zero: () => penalty('l1', l1, 0),
  calls: 1,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('penalty adds λ R(w) to the loss and λ ∇R(w) to its gradient, and reports λ R(w)', () => {
  const w = tf.variable(tf.tensor1d([3, -4]));
  const result = penalty('l1', l1, 0.5)(gradient)(objectiveOf([w], () => tf.square(w)));
  expect(numbers(result.loss)).toEqual([25 + 3.5]);
  expect(numbers(result.grads[w.name])).toEqual([6.5, -8.5]);
  expect(numbers(result.report!['penalty.l1']!() as tf.Tensor)).toEqual([3.5]);
});

test('penalty adds to the penalty of the objective, on another batch and in the other mode as well', () => {
  const w = tf.variable(tf.scalar(-2));
  const objective: Objective = {
    ...objectiveOf([w], () => tf.square(w)),
    penalty: () => tf.scalar(1),
    withBatch: () => ({ ...objectiveOf([w], () => tf.scalar(10)), penalty: () => tf.scalar(2) }),
    withMode: () => objectiveOf([w], () => tf.scalar(20)),
  };
  let seen: Objective | undefined;
  penalty(
    'l1',
    l1,
    3,
  )((o) => {
    seen = o;
    return gradient(objective);
  })(objective);
  const batch = { x: tf.scalar(0), y: tf.scalar(0) };
  const values = (o: Objective): number[] => [o.loss(), o.penalty!()].flatMap(numbers);
  expect(values(seen!)).toEqual([4 + 6, 1 + 6]);
  expect(values(seen!.withBatch!(batch))).toEqual([10 + 6, 2 + 6]);
  expect(values(seen!.withMode!('inference'))).toEqual([20 + 6, 6]);
});

test('penalty refuses what is not a scalar, at the first step', () => {
  const w = tf.variable(tf.tensor1d([3, -4]));
  const elementwise = penalty('l1', (params) => tf.abs(params[0]!) as tf.Scalar, 1)(gradient);
  expect(() => elementwise(objectiveOf([w], () => tf.square(w)))).toThrow(
    'penalty l1: must give a scalar, got shape [2]; sum over its elements',
  );
});

test.each([-1, NaN])('penalty refuses a strength of %s', (strength) => {
  expect(() => penalty('l1', l1, strength)).toThrow(`penalty l1: strength must be >= 0, got ${strength}`);
});

test('penalty refuses an empty name', () => {
  expect(() => penalty('', l1, 1)).toThrow('penalty: name must not be empty');
});
