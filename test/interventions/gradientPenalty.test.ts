import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import { innermost } from '../../src/core/innermost.js';
import type { Intervention } from '../../src/core/intervention.js';
import { openLedger } from '../../src/core/ledger.js';
import type { Objective } from '../../src/core/objective.js';
import { changeDataLoss } from '../../src/interventions/changeDataLoss.js';
import { gradientPenalty } from '../../src/interventions/gradientPenalty.js';
import { l2 } from '../../src/interventions/l2.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { distance, flat, golden, goldenNames } from '../golden.js';
import { penaltyMatrixGoldens, penaltyMatrixNames } from '../reference/penaltyMatrices.js';

testIntervention({
  name: 'gradientPenalty',
  make: () => gradientPenalty(0.1),
  zero: () => gradientPenalty(0),
  calls: 1,
});
testIntervention({
  name: 'gradientPenalty with the Gauss-Newton matrix',
  make: () => gradientPenalty(0.1, { matrix: 'gauss-newton' }),
  zero: () => gradientPenalty(0, { matrix: 'gauss-newton' }),
  calls: 1,
});

testIntervention({
  name: 'gradientPenalty with flat activations',
  make: () => gradientPenalty(0.1, { matrix: 'flat-activations' }),
  zero: () => gradientPenalty(0, { matrix: 'flat-activations' }),
  calls: 1,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('gradientPenalty on a quadratic ½wᵀAw gives g + ρ A ĝ, and g + ρ A g if squared', () => {
  const a = tf.tensor2d([[2, 1], [1, 3]]); // biome-ignore format: a matrix
  const w = tf.variable(tf.tensor2d([[0.5], [-1]]));
  const objective = objectiveOf([w], () => tf.mul(tf.matMul(w, tf.matMul(a, w), true), 0.5));
  // g = Aw = (0, −2.5), ĝ = (0, −1), Aĝ = (−1, −3), Ag = (−2.5, −7.5); L = 1.25.
  const normed = gradientPenalty(0.2)(gradient)(objective);
  [-0.2, -3.1].forEach((g, i) => expect(numbers(normed.grads[w.name])[i]).toBeCloseTo(g, 6));
  expect(numbers(normed.loss)[0]).toBeCloseTo(1.25, 6);
  expect(numbers(normed.report!['penalty.gradient']!() as tf.Tensor)[0]).toBeCloseTo(0.5, 6);
  const squared = gradientPenalty(0.2, { squared: true })(gradient)(objective);
  [-0.5, -4].forEach((g, i) => expect(numbers(squared.grads[w.name])[i]).toBeCloseTo(g, 6));
  expect(numbers(squared.report!['penalty.gradient']!() as tf.Tensor)[0]).toBeCloseTo(0.625, 6);
});

test('gradientPenalty gives NaN, never a plain step unnoticed, where the norm of the gradient overflows', () => {
  const w = tf.variable(tf.scalar(0));
  const { grads } = gradientPenalty(0.1)(gradient)(objectiveOf([w], () => tf.mul(1e20, tf.softplus(w))));
  expect(numbers(grads[w.name])).toEqual([NaN]);
});

describe.each(goldenNames)('on the network %s', (name) => {
  test('gradientPenalty gives g + ρ H ĝ of JAX at float64', () => {
    const { objective, expected, dispose } = golden(name);
    const rho = 0.7;
    const { grads, loss } = gradientPenalty(rho)(gradient)(objective);
    const wanted = expected.gradient.map((g, i) => g + rho * expected.hessian.timesGradient[i]!);
    expect(distance(flat(objective.params.map((p) => grads[p.name]!)), wanted)).toBeLessThan(5e-6);
    expect(numbers(loss)[0]).toBeCloseTo(expected.loss, 5);
    dispose();
  });
});

describe.each(penaltyMatrixNames)('with another matrix on the network %s', (name) => {
  test.each([
    ['gauss-newton', 'g + ρ G ĝ', 'gaussNewton'],
    ['flat-activations', 'g + ρ H ĝ with φ″ = 0', 'flatActivations'],
    ['hessian', 'g + ρ H ĝ', 'hessian'],
  ] as const)('%s gives %s of JAX at float64', (matrix, _, key) => {
    const { objective, expected, dispose } = golden(name);
    const rho = 0.7;
    const { grads } = gradientPenalty(rho, { matrix })(gradient)(objective);
    const wanted = expected.gradient.map((g, i) => g + rho * penaltyMatrixGoldens[name][key][i]!);
    expect(distance(flat(objective.params.map((p) => grads[p.name]!)), wanted)).toBeLessThan(5e-6);
    dispose();
  });
});

test('of a model that is linear in its weights the Gauss-Newton matrix is the Hessian', () => {
  const { objective, expected, dispose } = golden('linear-softmax');
  const { grads } = gradientPenalty(1, { matrix: 'gauss-newton' })(gradient)(objective);
  const wanted = expected.gradient.map((g, i) => g + expected.hessian.timesGradient[i]!);
  expect(distance(flat(objective.params.map((p) => grads[p.name]!)), wanted)).toBeLessThan(5e-6);
  dispose();
});

test('gradientPenalty says what its matrix lacks, and which there are', () => {
  const w = tf.variable(tf.scalar(1));
  const gaussNewton = gradientPenalty(1, { matrix: 'gauss-newton' });
  expect(gaussNewton.needs).toEqual({ outputs: true });
  expect(() => gaussNewton(gradient)(objectiveOf([w], () => tf.square(w)))).toThrow(
    "gradientPenalty with matrix 'gauss-newton': the objective must have outputs and outputLoss; give them to minimize",
  );
  const flat = gradientPenalty(1, { matrix: 'flat-activations' });
  expect(flat.needs).toEqual({ activations: true });
  expect(() => flat(gradient)(objectiveOf([w], () => tf.square(w)))).toThrow(
    "gradientPenalty with matrix 'flat-activations': the objective must have withActivations; give it to minimize",
  );
  expect(() => gradientPenalty(1, { matrix: 'fisher' as never })).toThrow(
    "gradientPenalty: matrix must be 'hessian', 'gauss-newton' or 'flat-activations', got fisher",
  );
});

/** Σw⁴/2 at (3, 4): g = 2w³ = (54, 128), H = diag(6w²) = diag(54, 96). */
describe('gradientPenalty beside other interventions', () => {
  const rho = 0.5;
  let w: tf.Variable;
  let data: Objective;
  beforeEach(() => {
    w = tf.variable(tf.tensor1d([3, 4]));
    data = objectiveOf([w], () => tf.mul(0.5, tf.pow(w, 4)));
  });
  const length = Math.hypot(54, 128);
  const pulled = [54 + (rho * 54 * 54) / length, 128 + (rho * 96 * 128) / length];
  const check = (intervention: Intervention, expected: readonly number[]): void => {
    const { grads } = intervention(gradient)(data);
    numbers(grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 2));
  };

  test('leaves penalties out of the norm, whether they stand inside or outside of it', () => {
    const whole = pulled.map((g, i) => g + 20 * [3, 4][i]!);
    check(compose(gradientPenalty(rho), l2(20)), whole);
    check(compose(l2(20), gradientPenalty(rho)), whole);
    check(compose(l2(12), gradientPenalty(rho), l2(8)), whole);
  });

  test('is of the loss at the weights that sam moves to, and out of the ascent, on either side of it', () => {
    const there = [54, 128].map((g, i) => [3, 4][i]! + (0.25 * g) / length);
    const g = there.map((w) => 2 * w ** 3);
    const expected = g.map((gi, i) => gi + (rho * 6 * there[i]! ** 2 * gi) / Math.hypot(...g));
    check(compose(sam({ rho: 0.25 }), gradientPenalty(rho)), expected);
    check(compose(gradientPenalty(rho), sam({ rho: 0.25 })), expected);
  });

  test('is of the loss that others have made, on whichever side they stand', () => {
    const outputs = () => [w as tf.Tensor];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mul<tf.Scalar>(0.5, tf.sum(tf.pow(z!, 4)));
    data = { ...data, outputs, outputLoss };
    const half: Intervention = (next) => (o) => next(changeDataLoss('half', o, (loss) => (z) => tf.mul(0.5, loss(z))));
    const halved = pulled.map((g) => g / 2);
    check(compose(gradientPenalty(rho), half), halved);
    check(compose(half, gradientPenalty(rho)), halved);
  });

  test('counts as three gradients in a run', () => {
    const ledger = openLedger(
      () => 0,
      () => {},
    );
    const { gradient: counted, plain } = innermost(data, gradient, ledger);
    const { grads } = gradientPenalty(rho)(counted)(data);
    expect(ledger.evaluations()).toBe(3);
    expect(numbers(plain().grads[w.name])).not.toEqual(numbers(grads[w.name]));
    [54, 128].forEach((g, i) => expect(numbers(plain().grads[w.name])[i]).toBeCloseTo(g, 3));
  });

  test('counts as two gradients and a third with the Gauss-Newton matrix', () => {
    const ledger = openLedger(
      () => 0,
      () => {},
    );
    const composed = { ...data, outputs: () => [w as tf.Tensor], outputLoss: () => data.loss() };
    gradientPenalty(rho, { matrix: 'gauss-newton' })(innermost(composed, gradient, ledger).gradient)(composed);
    expect(ledger.evaluations()).toBeCloseTo(7 / 3, 9);
  });

  test('refuses a second one', () => {
    expect(() => compose(gradientPenalty(1), gradientPenalty(2))(gradient)(data)).toThrow(
      'there must be one penalty of derivatives in a run',
    );
  });
});

test('gradientPenalty at a minimum makes a plain step', () => {
  const w = tf.variable(tf.tensor1d([0, 0]));
  const { grads } = gradientPenalty(1)(gradient)(objectiveOf([w], () => tf.square(w)));
  expect(numbers(grads[w.name])).toEqual([0, 0]);
});

test('gradientPenalty names a kernel that cannot be differentiated twice', () => {
  const w = tf.variable(tf.tensor1d([0.5]));
  expect(() => gradientPenalty(1)(gradient)(objectiveOf([w], () => tf.einsum('i,i->', w, w)))).toThrow('Einsum');
});

test.each([-1, NaN])('gradientPenalty refuses rho = %s', (rho) => {
  expect(() => gradientPenalty(rho)).toThrow(`gradientPenalty: rho must be >= 0, got ${rho}`);
});
