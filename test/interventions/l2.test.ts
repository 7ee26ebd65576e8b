import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { l2 } from '../../src/interventions/l2.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'l2', make: () => l2(0.1), zero: () => l2(0), calls: 1 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('l2 adds (λ/2)‖w‖² to the loss and λw to the gradient', () => {
  const w = tf.variable(tf.tensor1d([3, -4]));
  const { loss, grads } = l2(0.5)(gradient)(objectiveOf([w], () => tf.mul(2, w)));
  expect(numbers(loss)).toEqual([-2 + 6.25]);
  expect(numbers(grads[w.name])).toEqual([2 + 1.5, 2 - 2]);
});

test('l2 holds only the parameters chosen', () => {
  const [kernel, bias] = [tf.variable(tf.tensor2d([[2]])), tf.variable(tf.tensor1d([3]))];
  const affine = objectiveOf([kernel, bias], () => tf.add(kernel, bias));
  const { grads } = l2(10, { only: (param) => param.rank > 1 })(gradient)(affine);
  expect(numbers(grads[kernel.name])).toEqual([21]);
  expect(numbers(grads[bias.name])).toEqual([1]);
});

test('l2 refuses a choice that leaves no parameter', () => {
  const w = tf.variable(tf.scalar(1));
  const none = l2(1, { only: () => false })(gradient);
  expect(() => none(objectiveOf([w], () => tf.square(w)))).toThrow('l2: only must leave at least one parameter');
});

test.each([-1, NaN])('l2 refuses a strength of %s', (strength) => {
  expect(() => l2(strength)).toThrow(new RangeError(`l2: strength must be >= 0, got ${strength}`));
});
