import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Objective } from '../../src/core/objective.js';
import { penaltyTopEigenvalue } from '../../src/metrics/penaltyTopEigenvalue.js';
import { penaltyTrace } from '../../src/metrics/penaltyTrace.js';
import { topEigenvalue } from '../../src/metrics/topEigenvalue.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';

/** Data loss ½ · 3 w² in three weights, and a penalty Σ w⁴ at w = (1, 2, 0), whose Hessian is diag(12, 48, 0). */
function penalised(): Objective {
  const w = tf.variable(tf.tensor1d([1, 2, 0]));
  const outputs = () => [tf.expandDims(w, 0)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.sum<tf.Scalar>(tf.mul(1.5, tf.square(z!)));
  const penalty = () => tf.sum<tf.Scalar>(tf.pow(w, 4));
  const loss = () => tf.add(outputLoss(outputs()), penalty());
  return { ...objectiveOf([w], loss), outputs, outputLoss, penalty };
}

test('the curvature of penalties stands beside that of the data, not in it', () => {
  const { step } = stepOf(penalised());
  expect(penaltyTopEigenvalue().measure(step)[0]).toMatchObject({ name: 'penalty_hessian.top_eigenvalue' });
  expect(penaltyTopEigenvalue().measure(step)[0]!.value).toBeCloseTo(48, 3);
  expect(topEigenvalue().measure(step)[0]!.value).toBeCloseTo(3, 4);
});

test('penaltyTrace of a diagonal is exact from two samples, and has no error', () => {
  const [reading] = penaltyTrace({ samples: 2 }).measure(stepOf(penalised()).step);
  expect(reading).toMatchObject({ name: 'penalty_hessian.trace', attributes: { engine: 'exact' } });
  expect(reading!.value).toBeCloseTo(60, 3);
  expect(reading!.standardError).toBeCloseTo(0, 3);
  expect(penaltyTrace({ samples: 'exact' }).measure(stepOf(penalised()).step)[0]!.value).toBeCloseTo(60, 3);
});

test('penaltyTrace measures nothing where there is no penalty', () => {
  const w = tf.variable(tf.scalar(1));
  expect(penaltyTrace().measure(stepOf(objectiveOf([w], () => tf.square(w))).step)).toEqual([]);
});

test('penaltyTrace refuses options that make no sense', () => {
  expect(() => penaltyTrace({ samples: 1 })).toThrow(
    "penaltyTrace: samples must be an integer of at least 2, or 'exact', got 1",
  );
  expect(() => penaltyTrace({ engine: 'fast' as never })).toThrow('penaltyTrace: engine must be');
});
