import * as tf from '@tensorflow/tfjs-core';
import { Subject } from 'rxjs';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { budget } from '../../src/core/budget.js';
import { compose } from '../../src/core/compose.js';
import { every } from '../../src/core/every.js';
import { gradient } from '../../src/core/gradient.js';
import type { GradientFn } from '../../src/core/objective.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { decoupledWeightDecay } from '../../src/interventions/decoupledWeightDecay.js';
import { sam } from '../../src/interventions/sam.js';
import { sometimes } from '../../src/interventions/sometimes.js';
import { spectral } from '../../src/interventions/spectral.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

const never = { due: () => false };
const off = () => sometimes(never, sam());
testIntervention({ name: 'sometimes', make: () => sometimes(every(1), sam()), zero: off, calls: 2 });
testIntervention({ name: 'sometimes with state', make: () => sometimes(every(1), spectral(1)), calls: 1, keeps: 3 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const square = (w: tf.Variable, step: number) => objectiveOf([w], () => tf.mul(0.5, tf.square(w)), step);

test('sometimes lets training pass on the steps between, and keeps the state of what it holds', () => {
  const w = tf.variable(tf.scalar(1));
  const next = vi.fn(gradient);
  const step = sometimes(every(3), sam({ rho: 0.5 }))(next);
  const results = [0, 1, 2, 3].map((i) => step(square(w, i)));
  expect(results.map(({ grads }) => numbers(grads[w.name])[0])).toEqual([1.5, 1, 1, 1.5]);
  expect(next).toHaveBeenCalledTimes(6);
  expect(results[3]!.report!['sam.active_steps']!()).toBe(2);
});

test('sometimes asks its schedule once a step, however often it is called in it', () => {
  const due = vi.fn(() => true);
  const w = tf.variable(tf.scalar(1));
  const step = compose(sam({ ascendPenalty: true }), sometimes({ due }, sam()))(gradient);
  for (const i of [0, 1]) step(square(w, i));
  expect(due.mock.calls).toEqual([[0], [1]]);
});

test('sometimes wraps the step of the optimizer on the same steps', () => {
  const w = tf.variable(tf.scalar(1));
  const step = sometimes(every(2), decoupledWeightDecay(1))(gradient);
  const applied = vi.fn();
  for (const i of [0, 1]) {
    step(square(w, i));
    step.update!(applied, { step: i, params: [w], learningRate: 0.5 });
    expect(numbers(w)).toEqual([0.5]);
  }
  expect(applied).toHaveBeenCalledTimes(2);
  expect(sometimes(every(2), sam())(gradient).update).toBeUndefined();
});

test('sometimes needs what it holds needs, and frees it', () => {
  expect(sometimes(every(2), accumulate(2)).needs).toEqual({ batch: true });
  expect(sometimes(every(2), sam()).needs).toBeUndefined();
  const rho = new Subject<number>();
  const step: GradientFn = sometimes(every(2), sam({ rho }))(gradient);
  expect(rho.observed).toBe(true);
  step.dispose!();
  expect(rho.observed).toBe(false);
});

test('sometimes refuses a budget', () => {
  expect(() => sometimes(budget(0.1), sam())).toThrow('sometimes: schedule must not hold a budget');
});
