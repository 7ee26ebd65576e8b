import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Points } from '../../src/core/watching.js';
import { hessianSpectralDensity } from '../../src/metrics/hessianSpectralDensity.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { golden } from '../golden.js';

beforeAll(() => tf.setBackend('cpu'));

/** ∫ f(λ) dμ over the points, by the trapezoidal rule. */
const integral = ({ x, y }: Points, f: (at: number) => number): number =>
  x.slice(1).reduce((sum, at, i) => sum + ((at - x[i]!) * (f(at) * y[i + 1]! + f(x[i]!) * y[i]!)) / 2, 0);

test('hessianSpectralDensity of a bowl is a Gaussian about each curvature, as high as its share', () => {
  const w = tf.variable(tf.ones([4]));
  const { step, ledger } = stepOf(objectiveOf([w], () => tf.mul(tf.square(w), tf.tensor1d([0.5, 0.5, 0.5, 2]))));
  const sigma = 0.1;
  const [reading] = hessianSpectralDensity({ sigma }).measure(step);
  expect(reading).toMatchObject({ name: 'hessian.spectral_density', attributes: { engine: 'exact' } });
  const { x, y } = reading!.value as Points;
  const peak = 1 / (sigma * Math.sqrt(2 * Math.PI));
  const exact = (at: number) =>
    peak * (0.75 * Math.exp(-(((at - 1) / sigma) ** 2) / 2) + 0.25 * Math.exp(-(((at - 4) / sigma) ** 2) / 2));
  x.forEach((at, i) => expect(y[i]).toBeCloseTo(exact(at), 3));
  expect(ledger.evaluations()).toBeLessThan(40); // The Krylov space of two eigenvalues is spanned by two products.
});

test('hessianSpectralDensity of a network integrates to 1, and has its mean and its ends', () => {
  const { objective, expected, dispose } = golden('mlp-tanh');
  const { step, end } = stepOf(objective);
  const { trace, frobenius, topEigenvalue, bottomEigenvalue } = expected.hessian;
  const points = hessianSpectralDensity({ draws: 10, steps: 12, sigma: topEigenvalue / 50 }).measure(step)[0]!
    .value as Points;
  expect(integral(points, () => 1)).toBeCloseTo(1, 3);
  // 4 standard errors of the mean of vᵀHv / n over 10 directions, each of at most 2^½ ‖H‖_F / n.
  const n = expected.gradient.length;
  const slack = (4 * Math.sqrt(2 / 10) * frobenius) / n;
  expect(Math.abs(integral(points, (at) => at) - trace / n)).toBeLessThan(slack);
  expect(Math.max(...points.x)).toBeGreaterThan(topEigenvalue);
  expect(Math.min(...points.x)).toBeLessThan(bottomEigenvalue);
  end();
  dispose();
});

test('hessianSpectralDensity leaves no tensor, and weights as they were', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const tensors = tf.memory().numTensors;
  const before = objective.params.map((p) => [...p.dataSync()]);
  const { step, end } = stepOf(objective);
  hessianSpectralDensity({ draws: 2, steps: 3 }).measure(step);
  end();
  expect(tf.memory().numTensors).toBe(tensors);
  expect(objective.params.map((p) => [...p.dataSync()])).toEqual(before);
  dispose();
});

test('hessianSpectralDensity refuses options that make no sense', () => {
  expect(() => hessianSpectralDensity({ steps: 0 })).toThrow(
    'hessianSpectralDensity: steps must be a positive integer, got 0',
  );
  expect(() => hessianSpectralDensity({ draws: 1 })).toThrow(
    'hessianSpectralDensity: draws must be an integer of at least 2',
  );
  expect(() => hessianSpectralDensity({ sigma: -1 })).toThrow(
    'hessianSpectralDensity: sigma must be positive and finite',
  );
  expect(() => hessianSpectralDensity({ engine: 'fast' as never })).toThrow('hessianSpectralDensity: engine must be');
});
