import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { linearizeComposition } from '../../../src/curvature/linearize/linearizeComposition.js';
import { linearizeGradient } from '../../../src/curvature/linearize/linearizeGradient.js';
import { linearizeOutputs } from '../../../src/curvature/linearize/linearizeOutputs.js';
import { scoped } from '../../../src/curvature/tape/scoped.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { distance, flat } from '../../golden.js';
import { lossGolden } from '../../reference/losses.js';
import { losses as lossOf } from '../../reference/network.js';
import type { Values } from '../../reference/readGolden.js';
import { onBackends } from '../onBackends.js';

/** z = x ⊙ tanh(w), so that ∂z_i/∂w_i = x_i (1 − tanh² w_i). */
const [ws, xs] = [
  [0.3, -0.8, 1.2, 0.1, -0.4, 0.9],
  [1, 2, -1, 0.5, 3, -2],
];
const zs = ws.map((w, i) => xs[i]! * Math.tanh(w));
const slopes = ws.map((w, i) => xs[i]! * (1 - Math.tanh(w) ** 2));
const bends = ws.map((w, i) => -2 * xs[i]! * Math.tanh(w) * (1 - Math.tanh(w) ** 2));
const us = [1, -2, 0.5, 3, -1, 2];

const weights = () => tf.variable(tf.tensor2d(ws, [2, 3]));
const outputs = (w: tf.Variable) => () => [tf.mul(tf.tensor2d(xs, [2, 3]), tf.tanh(w))];
const u = () => tf.tensor2d(us, [2, 3]);

/** The rows of a list of six. */
const rows = (a: number[]) => [a.slice(0, 3), a.slice(3)];
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const softmax = (z: number[]) => {
  const e = z.map(Math.exp);
  return e.map((x) => x / e.reduce((a, b) => a + b, 0));
};
const labels = [1, 0, 0, 0, 0, 1];
const y = () => tf.tensor2d(labels, [2, 3]);

/** Losses of the outputs, with their gradient and the product of their Hessian with `us` in closed form. */
const losses = [
  {
    name: 'softmax cross-entropy',
    loss: (z: tf.Tensor) => tf.losses.softmaxCrossEntropy(y(), z),
    gradient: rows(zs).flatMap((z, n) => softmax(z).map((p, k) => (p - rows(labels)[n]![k]!) / 2)),
    product: rows(zs).flatMap((z, n) => {
      const [p, v] = [softmax(z), rows(us)[n]!];
      const mean = p.reduce((sum, p, k) => sum + p * v[k]!, 0);
      return p.map((p, k) => (p * (v[k]! - mean)) / 2);
    }),
  },
  {
    name: 'sigmoid cross-entropy',
    loss: (z: tf.Tensor) => tf.losses.sigmoidCrossEntropy(y(), z),
    gradient: zs.map((z, i) => (sigmoid(z) - labels[i]!) / 6),
    product: zs.map((z, i) => (sigmoid(z) * (1 - sigmoid(z)) * us[i]!) / 6),
  },
  {
    name: 'squared error',
    loss: (z: tf.Tensor) => tf.losses.meanSquaredError(y(), z),
    gradient: zs.map((z, i) => (2 * (z - labels[i]!)) / 6),
    product: us.map((u) => (2 * u) / 6),
  },
  {
    name: 'a loss without curvature',
    loss: (z: tf.Tensor) => tf.sum(z),
    gradient: zs.map(() => 1),
    product: us.map(() => 0),
  },
];

const close = (actual: tf.Tensor[], expected: number[]): void => {
  expect(actual).toHaveLength(1);
  numbers(actual[0]).forEach((x, i) => {
    expect(x).toBeCloseTo(expected[i]!, 5);
  });
};

onBackends(() => {
  test.each(losses)('through $name, each product is its closed form', ({ loss, gradient, product }) => {
    tf.tidy(() => {
      const w = weights();
      const linear = linearizeComposition(outputs(w), ([z]) => loss(z!) as tf.Scalar, [w]);
      // H_z mixes the entries of a row: taken on the v with J v = us.
      const v = us.map((x, i) => x / slopes[i]!);
      const gaussNewton = product.map((p, i) => slopes[i]! * p);
      const nme = v.map((x, i) => gradient[i]! * bends[i]! * x);
      const whole = gaussNewton.map((g, i) => g + nme[i]!);
      const tv = [tf.tensor2d(v, [2, 3])];
      close(linear.outputs as tf.Tensor[], zs);
      close(
        linear.grads as tf.Tensor[],
        gradient.map((g, i) => g * slopes[i]!),
      );
      close(linear.jvp(tv), us);
      close(
        linear.vjp([u()]),
        us.map((x, i) => x * slopes[i]!),
      );
      close(linear.outputHvp([u()]), product);
      close(linear.gaussNewton(tv), gaussNewton);
      close(linear.nme(tv), nme);
      close(linear.hvp(tv), whole);
      const split = linear.split(tv);
      close(split.hessian, whole);
      close(split.gaussNewton, gaussNewton);
      close(split.nme, nme);
      linear.dispose();
    });
  });

  // Among the logits are some so far apart that their softmax is saturated.
  test.each(Object.entries(lossGolden.losses))('the Hessian of %s in its outputs is that of JAX', (_, golden) => {
    const tensor = ({ values, shape }: Values): tf.Tensor => tf.tensor(values, shape);
    tf.tidy(() => {
      const z = tf.variable(tensor(lossGolden.z));
      const loss = ([z]: readonly tf.Tensor[]) => lossOf[golden.loss](tensor(golden.y), z!) as tf.Scalar;
      const linear = linearizeComposition(() => [z], loss, [z]);
      const u = [tensor(lossGolden.u)];
      expect(distance(flat(linear.outputHvp(u)), golden.product)).toBeLessThan(1e-6);
      expect(distance(flat(linear.gaussNewton(u)), golden.product)).toBeLessThan(1e-6);
      expect(distance(flat(linear.hvp(u)), golden.product)).toBeLessThan(1e-6);
      linear.dispose();
    });
  });

  test('linearizeOutputs gives both products with the Jacobian, of several outputs together', () => {
    tf.tidy(() => {
      const w = weights();
      const two = () => [tf.tanh(w), tf.sum(tf.square(w))];
      const { outputs: made, jvp, vjp, dispose } = linearizeOutputs(two, [w]);
      expect(made.map(({ shape }) => shape)).toEqual([[2, 3], []]);
      const [first, second] = jvp([u()]);
      close(
        [first!],
        us.map((x, i) => x * (1 - Math.tanh(ws[i]!) ** 2)),
      );
      expect(numbers(second)[0]).toBeCloseTo(
        us.reduce((sum, x, i) => sum + 2 * ws[i]! * x, 0),
        5,
      );
      close(
        vjp([u(), tf.scalar(3)]),
        us.map((x, i) => x * (1 - Math.tanh(ws[i]!) ** 2) + 6 * ws[i]!),
      );
      dispose();
    });
  });

  test('outputs that are the weights themselves have the identity for their Jacobian, and survive', () => {
    const w = weights();
    const linear = linearizeOutputs(() => [w], [w]);
    tf.tidy(() => close(linear.jvp([u()]), us));
    linear.dispose();
    expect(w.isDisposed).toBe(false);
    numbers(w).forEach((x, i) => {
      expect(x).toBeCloseTo(ws[i]!, 6);
    });
    w.dispose();
  });
});

describe('a record', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const loss = (w: tf.Variable) => () => tf.sum(tf.square(tf.square(w))) as tf.Scalar;

  test('is walked as often as one likes, also behind the scope it was made in, and leaves nothing', () => {
    const w = weights();
    const before = tf.memory().numTensors;
    const linear = scoped(() => linearizeGradient(loss(w), [w]));
    for (let i = 0; i < 3; i++)
      tf.tidy(() =>
        close(
          linear.hvp([u()]),
          us.map((x, i) => 12 * ws[i]! ** 2 * x),
        ),
      );
    expect(numbers(linear.loss)[0]).toBeCloseTo(
      ws.reduce((sum, w) => sum + w ** 4, 0),
      5,
    );
    linear.dispose();
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  test('is refused while tfjs records a gradient, and the reason given', () => {
    const w = weights();
    const nested = () => tf.grad((x) => tf.add(x, linearizeGradient(loss(w), [w]).loss))(tf.scalar(1));
    expect(nested).toThrow('must not be called while tf.grad or an optimizer records');
    w.dispose();
  });

  test('refuses vectors of other shapes', () => {
    const w = weights();
    const linear = linearizeGradient(loss(w), [w]);
    expect(() => linear.hvp([tf.zeros([3, 2])])).toThrow('hvp: v must have the shapes [2,3], got [3,2]');
    linear.dispose();
    w.dispose();
  });

  test('names a kernel without a derivative, and leaves nothing', () => {
    const w = weights();
    const before = tf.memory().numTensors;
    expect(() => linearizeGradient(() => tf.sum(tf.einsum('ij->j', tf.square(w))), [w])).toThrow('the kernel Einsum');
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });
});
