import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { replaceableActivations } from '../../src/activations/replaceableActivations.js';
import { withoutSecondDerivative } from '../../src/activations/withoutSecondDerivative.js';
import { twiceDifferentiable } from '../../src/curvature/tape/twiceDifferentiable.js';
import { onBackends } from '../curvature/onBackends.js';
import { distance, flat } from '../golden.js';

const x = [-2, -0.5, 0, 0.25, 3];

onBackends(() => {
  test.each([false, true])(
    'withoutSecondDerivative keeps value and slope of tanh, and bends no more; in the scope: %s',
    (inside) => {
      const flattened = withoutSecondDerivative((x) => tf.tanh(x));
      const run = <T>(f: () => T): T => (inside ? twiceDifferentiable(f) : f());
      const at = tf.tensor1d(x);
      const tensors = tf.memory().numTensors;
      const [value, slope] = tf.tidy(() => run(() => [flat([flattened(at)]), flat([tf.grad(flattened)(at)])]));
      expect(value).toEqual(tf.tidy(() => flat([tf.tanh(at)])));
      expect(
        distance(
          slope!,
          x.map((x) => 1 - Math.tanh(x) ** 2),
        ),
      ).toBeLessThan(1e-6);
      expect(tf.memory().numTensors).toBe(tensors);
      at.dispose();
    },
  );

  test('what is flattened has second and third derivatives of 0, and what is around it keeps its own', () => {
    const flattened = withoutSecondDerivative((x) => tf.tanh(x));
    const derivatives = tf.tidy(() =>
      twiceDifferentiable(() => {
        const at = tf.tensor1d(x);
        const second = tf.grad(tf.grad(flattened));
        const around = tf.grad(tf.grad((x: tf.Tensor) => tf.square(flattened(x))));
        return [second, tf.grad(second), around].map((f) => flat([f(at)]));
      }),
    );
    expect(derivatives[0]!.map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
    expect(derivatives[1]!.map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
    // (φ²)″ = 2 φ′² + 2 φ φ″, the latter gone.
    expect(
      distance(
        derivatives[2]!,
        x.map((x) => 2 * (1 - Math.tanh(x) ** 2) ** 2),
      ),
    ).toBeLessThan(1e-6);
  });
});

test('replaced activations are changed by layer, inside out, for a while, and back also when the function throws', () => {
  const { activations, withActivations } = replaceableActivations({
    first: (x) => tf.add(x, 1),
    second: (x) => tf.mul(x, 10),
  });
  const one = tf.scalar(1);
  const values = () => [activations.first(one), activations.second(one)].flatMap((y) => [...y.dataSync()]);
  expect(values()).toEqual([2, 10]);
  const found = withActivations(
    (activation, layer) => (layer === 'first' ? (x) => tf.neg(activation(x)) : activation),
    () => [values(), withActivations((activation) => (x) => tf.square(activation(x)), values), values()],
  );
  expect(found).toEqual([[-2, 10], [4, 100], [-2, 10]]); // biome-ignore format: a table
  const failing = () => withActivations(() => (x) => x, () => { throw new Error('within'); }); // biome-ignore format: one line
  expect(failing).toThrow('within');
  expect(values()).toEqual([2, 10]);
});
