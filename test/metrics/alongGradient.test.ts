import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { nmeAlongGradient } from '../../src/metrics/nmeAlongGradient.js';
import { rayleighGradient } from '../../src/metrics/rayleighGradient.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { golden } from '../golden.js';

testProbe({
  name: 'rayleighGradient',
  make: rayleighGradient,
  networks: ['linear-softmax', 'mlp-gelu', 'conv-max-pool'],
  expected: ({ expected }) => [
    { name: 'hessian.rayleigh_gradient', value: expected.hessian.rayleighGradient, attributes: { engine: 'exact' } },
  ],
  tolerance: 1e-5,
});

testProbe({
  name: 'nmeAlongGradient',
  make: nmeAlongGradient,
  networks: ['mlp-tanh', 'mlp-gelu', 'conv-max-pool'],
  expected: ({ expected }) => [
    { name: 'nme.along_gradient', value: expected.nme.alongGradient, attributes: { engine: 'exact' } },
  ],
  tolerance: 1e-5,
});

test('rayleighGradient of a bowl is the mean of its curvatures by the squares of the gradient', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const { step } = stepOf(objectiveOf([w], () => tf.mul(tf.square(w), tf.tensor1d([1.5, 2.5]))));
  // g = (3, 10), H = diag(3, 5)
  expect(rayleighGradient().measure(step)[0]!.value).toBeCloseTo((3 * 9 + 5 * 100) / 109, 5);
});

test('nmeAlongGradient of a model that is linear in its weights is 0', () => {
  const { objective, dispose } = golden('linear-softmax');
  const { step, end } = stepOf(objective);
  expect(nmeAlongGradient().measure(step)[0]!.value).toBeLessThan(1e-6);
  end();
  dispose();
});

test('along a gradient of 0, which has no direction, nothing is measured', () => {
  const w = tf.variable(tf.zeros([2]));
  const { step } = stepOf(objectiveOf([w], () => tf.square(w)));
  expect(
    rayleighGradient()
      .measure(step)
      .map(({ name }) => name),
  ).not.toContain('hessian.rayleigh_gradient');
});

test('the probes along the gradient share one product', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger, end } = stepOf(objective);
  rayleighGradient().measure(step);
  const before = ledger.evaluations();
  nmeAlongGradient().measure(step);
  expect(ledger.evaluations()).toBe(before);
  end();
  dispose();
});

test('nmeAlongGradient needs outputs, and says so', () => {
  const w = tf.variable(tf.scalar(1));
  expect(nmeAlongGradient().needs?.outputs).toBe(true);
  expect(() => nmeAlongGradient().measure(stepOf(objectiveOf([w], () => tf.square(w))).step)).toThrow(
    'nmeAlongGradient needs the outputs of the model',
  );
});

test.each([rayleighGradient, nmeAlongGradient])('%o refuses an engine there is none of', (make) => {
  expect(() => make({ engine: 'fast' as never })).toThrow("engine must be 'exact' or 'finite-difference', got fast");
});
