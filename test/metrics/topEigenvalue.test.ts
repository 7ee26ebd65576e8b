import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Probe } from '../../src/core/watching.js';
import { topEigenvalue } from '../../src/metrics/topEigenvalue.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { runLedger, stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { golden } from '../golden.js';

testProbe({
  name: 'topEigenvalue',
  make: (conditions) => topEigenvalue({ tolerance: 1e-6, ...conditions }),
  networks: ['linear-softmax', 'mlp-gelu', 'conv-max-pool'],
  expected: ({ expected }) => [
    { name: 'hessian.top_eigenvalue', value: expected.hessian.topEigenvalue, attributes: { engine: 'exact' } },
  ],
  tolerance: 5e-5,
});

const bowl = (curvatures: number[], at = 1) => {
  const w = tf.variable(tf.fill([curvatures.length], at));
  return objectiveOf([w], () => tf.mul(tf.square(w), tf.tensor1d(curvatures.map((c) => c / 2))));
};

test('topEigenvalue of a bowl is its largest curvature, not the largest in size', () => {
  const readings = topEigenvalue().measure(stepOf(bowl([3, -7, 1])).step);
  expect(readings[0]).toMatchObject({ name: 'hessian.top_eigenvalue', attributes: { engine: 'exact' } });
  expect(readings[0]!.value).toBeCloseTo(3, 4);
});

const many = Array.from({ length: 60 }, (_, i) => i / 60);

/** A run whose self-check is done, so that what it counts is the search; and how a probe measures a bowl in it. */
function checkedRun() {
  const ledger = runLedger();
  topEigenvalue().measure(stepOf(bowl([1]), 1, ledger).step);
  return (probe: Probe, curvatures: number[], at?: number) => {
    const before = ledger.evaluations();
    const { step, end } = stepOf(bowl(curvatures, at), 1, ledger);
    const value = probe.measure(step)[0]!.value as number;
    end();
    return { value, gradients: ledger.evaluations() - before };
  };
}

test('topEigenvalue begins where it ended, and follows when another direction takes over', () => {
  const probe = topEigenvalue();
  const measured = checkedRun();
  // At the bottom of the bowl there is no gradient to begin with.
  const first = measured(probe, [...many, 2, 0], 0);
  const again = measured(probe, [...many, 2, 0], 0);
  const other = measured(probe, [...many, 2, 4], 0);
  expect(again.gradients).toBeLessThan(first.gradients);
  expect(again.value).toBeCloseTo(2, 1);
  expect(other.value).toBeCloseTo(4, 1); // A tolerance of 1 %.
});

test('the first search begins at the gradient, which leans towards the top', () => {
  const [downhill, level] = [1, 0].map((at) => checkedRun()(topEigenvalue(), [...many, 2, 0], at));
  expect(downhill!.gradients).toBeLessThan(level!.gradients);
  expect(downhill!.value).toBeCloseTo(2, 1);
});

test('topEigenvalue in a second run measures as if it had not been in a first', () => {
  const probe = topEigenvalue();
  const afresh = checkedRun()(topEigenvalue(), [...many, 2, 0]);
  expect(checkedRun()(probe, [...many, 2, 0])).toEqual(afresh);
  expect(checkedRun()(probe, [...many, 2, 0])).toEqual(afresh);
});

test('topEigenvalue starts afresh where the number of weights has changed', () => {
  const probe = topEigenvalue();
  const measured = checkedRun();
  measured(probe, [1, 2]);
  expect(measured(probe, [1, 2, 5]).value).toBeCloseTo(5, 4);
});

test('the first curvature measurement of a run checks the engine, later ones do not', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, end } = stepOf(objective);
  const names = () =>
    topEigenvalue()
      .measure(step)
      .map(({ name }) => name);
  expect(names()).toContain('curvature.self_check');
  expect(names()).not.toContain('curvature.self_check');
  end();
  dispose();
});

test('a self-check that failed is made at the next measurement, which has its eigenvalue', () => {
  const run = runLedger();
  const w = tf.variable(tf.ones([2]));
  let evaluations = 0;
  const measure = (failAt: number) => {
    const objective = objectiveOf([w], () => {
      if (++evaluations === failAt) throw new Error('no memory');
      return tf.square(w);
    });
    return topEigenvalue()
      .measure(stepOf(objective, 1, run).step)
      .map(({ name }) => name);
  };
  // The first evaluation is the record's, the second the check's.
  expect(() => measure(2)).toThrow('no memory');
  expect(measure(0)).toEqual(expect.arrayContaining(['hessian.top_eigenvalue', 'curvature.self_check']));
});

test('a record that fails is paid for once a step, by whichever probe comes first', () => {
  let records = 0;
  const { step, ledger } = stepOf(
    objectiveOf([tf.variable(tf.scalar(1))], () => {
      records++;
      throw new Error('no such kernel');
    }),
  );
  for (const probe of [topEigenvalue(), topEigenvalue({ tolerance: 0.1 })]) {
    expect(() => probe.measure(step)).toThrow('no such kernel');
  }
  expect(records).toBe(1);
  expect(ledger.evaluations()).toBe(1);
});

test('probes of one step share its record, and pay for it once', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger, end } = stepOf(objective);
  topEigenvalue().measure(step);
  const before = ledger.evaluations();
  topEigenvalue().measure(step);
  expect((ledger.evaluations() - before) % 2).toBe(0);
  topEigenvalue({ on: objective.batch! }).measure(step);
  expect((ledger.evaluations() - before) % 2).toBe(1);
  end();
  dispose();
});

test('a residual above the tolerance says that the products did not suffice', () => {
  const { step } = stepOf(bowl(Array.from({ length: 40 }, (_, i) => i)));
  const [, residual] = topEigenvalue({ tolerance: 1e-5, maxProducts: 3 }).measure(step);
  expect(residual!.name).toBe('hessian.top_eigenvalue_residual');
  expect(residual!.value).toBeGreaterThan(1e-5);
});

test('topEigenvalue refuses options that make no sense', () => {
  expect(() => topEigenvalue({ tolerance: 0 })).toThrow('topEigenvalue: tolerance must be positive and finite, got 0');
  expect(() => topEigenvalue({ maxProducts: 1.5 })).toThrow(
    'topEigenvalue: maxProducts must be a positive integer, got 1.5',
  );
});
