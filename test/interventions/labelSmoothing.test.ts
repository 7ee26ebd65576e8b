import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { labelSmoothing } from '../../src/interventions/labelSmoothing.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { objectiveOfLogits, sigmoid, softmax } from './objectiveOfLogits.js';

testIntervention({ name: 'labelSmoothing', make: () => labelSmoothing(0.1), zero: () => labelSmoothing(0), calls: 1 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const Z = [[1, -2, 0.5], [0, 3, -1]]; // biome-ignore format: rows of logits
const Y = [[1, 0, 0], [0, 0, 1]]; // biome-ignore format: rows of labels

test('labelSmoothing is cross-entropy with (1 − ε) y + ε/K, penalty untouched', () => {
  const epsilon = 0.3;
  const z = tf.variable(tf.tensor2d(Z));
  const objective = objectiveOfLogits(z, (z) => tf.losses.softmaxCrossEntropy(tf.tensor2d(Y), z));
  const { loss, grads } = labelSmoothing(epsilon)(gradient)(objective);
  const smooth = Y.map((row) => row.map((y) => (1 - epsilon) * y + epsilon / 3));
  const expected = Z.map((z, i) => -smooth[i]!.reduce((sum, y, k) => sum + y * Math.log(softmax(z)[k]!), 0));
  expect(numbers(loss)[0]).toBeCloseTo((expected[0]! + expected[1]!) / 2 + Z.flat().reduce((a, b) => a + b), 5);
  const slopes = Z.flatMap((z, i) => softmax(z).map((p, k) => (p - smooth[i]![k]!) / 2 + 1));
  numbers(grads[z.name]).forEach((g, i) => expect(g).toBeCloseTo(slopes[i]!, 6));
});

test('labelSmoothing of a single logit is sigmoid cross-entropy with (1 − ε) y + ε/2', () => {
  const [epsilon, label] = [0.2, 1];
  const z = tf.variable(tf.tensor2d([[0.7]]));
  const objective = objectiveOfLogits(z, (z) => tf.losses.sigmoidCrossEntropy(tf.tensor2d([[label]]), z));
  const { loss, grads } = labelSmoothing(epsilon)(gradient)(objective);
  const y = (1 - epsilon) * label + epsilon / 2;
  const expected = -y * Math.log(sigmoid(0.7)) - (1 - y) * Math.log(sigmoid(-0.7));
  expect(numbers(loss)[0]).toBeCloseTo(expected + 0.7, 6);
  expect(numbers(grads[z.name])[0]).toBeCloseTo(sigmoid(0.7) - y + 1, 6);
});

test('labelSmoothing runs the network once a gradient', () => {
  const z = tf.variable(tf.tensor2d(Z));
  const objective = objectiveOfLogits(z, (z) => tf.losses.softmaxCrossEntropy(tf.tensor2d(Y), z));
  const outputs = vi.fn(objective.outputs!);
  labelSmoothing(0.1)(gradient)({ ...objective, outputs });
  expect(outputs).toHaveBeenCalledTimes(1);
});

test('labelSmoothing needs the outputs', () => {
  expect(labelSmoothing(0.1).needs).toEqual({ outputs: true });
  const w = tf.variable(tf.scalar(1));
  expect(() => labelSmoothing(0.1)(gradient)(objectiveOf([w], () => w))).toThrow(
    'labelSmoothing: the objective must have outputs and outputLoss; give them to minimize',
  );
});

test('labelSmoothing refuses a share that is none', () => {
  expect(() => labelSmoothing(1.5)).toThrow('labelSmoothing: epsilon must be within 0…1, got 1.5');
  expect(() => labelSmoothing(-1)).toThrow('labelSmoothing: epsilon must be >= 0, got -1');
});
