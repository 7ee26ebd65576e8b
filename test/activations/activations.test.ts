import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import type { Activation } from '../../src/activations/activation.js';
import { augmentedRelu } from '../../src/activations/augmentedRelu.js';
import { betaGelu } from '../../src/activations/betaGelu.js';
import { declared } from '../../src/activations/declared.js';
import { flatGelu } from '../../src/activations/flatGelu.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { linearizeGradient } from '../../src/curvature/linearize/linearizeGradient.js';
import { twiceDifferentiable } from '../../src/curvature/tape/twiceDifferentiable.js';
import { onBackends } from '../curvature/onBackends.js';
import { distance, flat } from '../golden.js';
import { activationGoldens } from '../reference/activations.js';

const { x, gelu } = activationGoldens;
const zeros = x.map(() => 0);

interface Case {
  readonly name: string;
  readonly activation: Activation;
  /** φ and its derivatives, at the numbers x. */
  readonly orders: readonly (readonly number[])[];
}

const cases: readonly Case[] = gelu.flatMap(({ beta, value, slope, bend, third }) => [
  { name: `betaGelu(${beta})`, activation: betaGelu(beta), orders: [value, slope, bend, third] },
  { name: `flatGelu(${beta})`, activation: flatGelu(beta), orders: [value, slope, zeros, zeros] },
  {
    name: `augmentedRelu(${beta})`,
    activation: augmentedRelu(beta),
    orders: [x.map((t) => Math.max(0, t)), x.map((t) => (t > 0 ? 1 : 0)), bend, third],
  },
]);

/** φ, φ′, φ″, … as functions: the gradient of the sum of a function of single elements is its derivative. */
const derivatives = (activation: Activation, order: number): ((x: tf.Tensor) => tf.Tensor) =>
  order === 0 ? activation : tf.grad(derivatives(activation, order - 1));

/** Largest error, relative to the largest value; absolute where that is 0. */
const error = (found: readonly number[], expected: readonly number[]): number =>
  expected.every((y) => y === 0) ? Math.max(...found.map(Math.abs)) : distance(found, expected);

onBackends(() => {
  describe.each(cases)('$name', ({ activation, orders }) => {
    test.each(orders.map((expected, order) => [order, expected] as const))(
      'has the derivative of order %i that it says',
      (order, expected) => {
        const found = tf.tidy(() =>
          flat([twiceDifferentiable(() => derivatives(activation, order)(tf.tensor1d([...x])))]),
        );
        expect(error(found, expected)).toBeLessThan(2e-6);
      },
    );

    test('has its slope outside of the scope too, as training takes it, and leaves nothing', () => {
      const tensors = tf.memory().numTensors;
      const found = tf.tidy(() => flat([tf.grad(activation)(tf.tensor1d([...x]))]));
      expect(error(found, orders[1]!)).toBeLessThan(2e-6);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test('gives ½ Σ (φ(w) − y)² the curvature φ′² + (φ − y) φ″, its second part in NME', () => {
      const [phi, slope, bend] = orders as [readonly number[], readonly number[], readonly number[]];
      const w = tf.tidy(() => tf.variable(tf.tensor1d([...x])));
      const y = 0.75;
      const outputs = () => [activation(w as tf.Tensor)];
      const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mul<tf.Scalar>(0.5, tf.sum(tf.square(tf.sub(z!, y))));
      const objective = { step: 0, params: [w], outputs, outputLoss, loss: () => outputLoss(outputs()) };
      const { parts, dispose } = curvatureOf(objective);
      const { hessian, gaussNewton, nme } = parts!.split.apply(new Float64Array(x.length).fill(1));
      dispose();
      w.dispose();
      const expected = { gaussNewton: slope.map((s) => s ** 2), nme: bend.map((b, i) => (phi[i]! - y) * b) };
      expect(error([...gaussNewton], expected.gaussNewton)).toBeLessThan(2e-6);
      expect(error([...nme], expected.nme)).toBeLessThan(2e-6);
      expect(
        error(
          [...hessian],
          expected.gaussNewton.map((g, i) => g + expected.nme[i]!),
        ),
      ).toBeLessThan(2e-6);
    });
  });

  test('far out β-GELU is ReLU, and flat', () => {
    const far = tf.tidy(() => {
      const at = tf.tensor1d([-1e4, -30, 30, 1e4]);
      return [0, 1, 2, 3].map((order) => flat([twiceDifferentiable(() => derivatives(betaGelu(20), order)(at))]));
    });
    // + 0, since −0 is no failure.
    expect(far.map((values) => values.map((v) => v + 0))).toEqual([
      [0, 0, 30, 1e4],
      [0, 0, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  test('a slope is computed once a record, however often the record is walked, and freed with it', () => {
    const slope = vi.fn((x: tf.Tensor) => tf.mul(3, tf.square(x)));
    const cube = declared((x) => tf.pow(x, 3), slope);
    const w = tf.tensor1d([1, -2]);
    const v = tf.tensor1d([1, 1]);
    const tensors = tf.memory().numTensors;
    const record = linearizeGradient(() => tf.sum(tf.square(cube(w))), [w]);
    const products = tf.tidy(() => [1, 2].map(() => flat(record.hvp([v]))));
    record.dispose();
    expect(slope).toHaveBeenCalledTimes(1);
    expect(products).toEqual([1, 2].map(() => [30, 480]));
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([w, v]);
  });
});

test.each([0, -1, Infinity, NaN])('a steepness of %s is refused', (beta) => {
  expect(() => betaGelu(beta)).toThrow(`betaGelu: beta must be positive and finite, got ${beta}`);
  expect(() => flatGelu(beta)).toThrow(`flatGelu: beta must be positive and finite, got ${beta}`);
  expect(() => augmentedRelu(beta)).toThrow(`augmentedRelu: beta must be positive and finite, got ${beta}`);
});
