import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { confidencePenalty } from '../../src/interventions/confidencePenalty.js';
import { numbers } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { objectiveOfLogits, sigmoid, softmax } from './objectiveOfLogits.js';

testIntervention({
  name: 'confidencePenalty',
  make: () => confidencePenalty(0.1),
  zero: () => confidencePenalty(0),
  calls: 1,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const entropy = (p: readonly number[]): number => -p.reduce((sum, p) => sum + p * Math.log(p), 0);

test('confidencePenalty takes β times the entropy off the loss, whose slope is p (log p + H), penalty untouched', () => {
  const beta = 0.4;
  const Z = [[1, -2, 0.5], [0, 3, -1]]; // biome-ignore format: rows of logits
  const z = tf.variable(tf.tensor2d(Z));
  const { loss, grads } = confidencePenalty(beta)(gradient)(objectiveOfLogits(z, () => tf.scalar(7)));
  const mean = (entropy(softmax(Z[0]!)) + entropy(softmax(Z[1]!))) / 2;
  expect(numbers(loss)[0]).toBeCloseTo(7 - beta * mean + Z.flat().reduce((a, b) => a + b), 5);
  const slopes = Z.flatMap((z) => {
    const p = softmax(z);
    return p.map((pk) => (beta * pk * (Math.log(pk) + entropy(p))) / 2 + 1);
  });
  numbers(grads[z.name]).forEach((g, i) => expect(g).toBeCloseTo(slopes[i]!, 6));
});

test('confidencePenalty of a single logit is that of the two classes of a sigmoid', () => {
  const z = tf.variable(tf.tensor2d([[1.2]]));
  const { loss, grads } = confidencePenalty(1)(gradient)(objectiveOfLogits(z, () => tf.scalar(0)));
  const p = sigmoid(1.2);
  expect(numbers(loss)[0]).toBeCloseTo(1.2 - entropy([p, 1 - p]), 6);
  // dH/dz = −z σ(z) σ(−z).
  expect(numbers(grads[z.name])[0]).toBeCloseTo(1 + 1.2 * p * (1 - p), 6);
});

test('confidencePenalty runs the network once a gradient, and needs its outputs', () => {
  const objective = objectiveOfLogits(tf.variable(tf.zeros([2, 3])), () => tf.scalar(0));
  const outputs = vi.fn(objective.outputs!);
  confidencePenalty(0.1)(gradient)({ ...objective, outputs });
  expect(outputs).toHaveBeenCalledTimes(1);
  expect(confidencePenalty(0.1).needs).toEqual({ outputs: true });
});

test.each([-1, NaN])('confidencePenalty refuses a strength of %s', (beta) => {
  expect(() => confidencePenalty(beta)).toThrow(`confidencePenalty: beta must be >= 0, got ${beta}`);
});
