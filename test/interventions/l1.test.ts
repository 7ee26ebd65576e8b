import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { l1 } from '../../src/interventions/l1.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'l1', make: () => l1(0.1), zero: () => l1(0), calls: 1 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('l1 adds λ‖w‖₁ to the loss and λ sign(w) to the gradient, nothing where w = 0', () => {
  const w = tf.variable(tf.tensor1d([3, -4, 0]));
  const { loss, grads, report } = l1(0.5)(gradient)(objectiveOf([w], () => tf.mul(2, w)));
  expect(numbers(loss)).toEqual([-2 + 3.5]);
  expect(numbers(grads[w.name])).toEqual([2.5, 1.5, 2]);
  expect(numbers(report!['penalty.l1']!() as tf.Tensor)).toEqual([3.5]);
});

test('l1 holds only the parameters chosen, and refuses a choice of none', () => {
  const [kernel, bias] = [tf.variable(tf.tensor2d([[2]])), tf.variable(tf.tensor1d([3]))];
  const affine = objectiveOf([kernel, bias], () => tf.add(kernel, bias));
  const { grads } = l1(10, { only: (param) => param.rank > 1 })(gradient)(affine);
  expect([kernel, bias].flatMap(({ name }) => numbers(grads[name]))).toEqual([11, 1]);
  expect(() => l1(1, { only: () => false })(gradient)(affine)).toThrow('l1: only must leave at least one parameter');
});

test.each([-1, NaN])('l1 refuses a strength of %s', (strength) => {
  expect(() => l1(strength)).toThrow(new RangeError(`l1: strength must be >= 0, got ${strength}`));
});
