import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { gaussNewton } from '../../../src/curvature/linearize/gaussNewton.js';
import { hvp } from '../../../src/curvature/linearize/hvp.js';
import { jvp } from '../../../src/curvature/linearize/jvp.js';
import { vjp } from '../../../src/curvature/linearize/vjp.js';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { golden, goldenNames } from '../../golden.js';
import { onBackends } from '../onBackends.js';

const flat = (tensors: readonly tf.Tensor[]): number[] => tensors.flatMap((t) => numbers(t));

function expectClose(found: readonly tf.Tensor[], wanted: readonly number[], tolerance = 5e-6): void {
  const difference = Math.hypot(...flat(found).map((x, i) => x - wanted[i]!));
  expect(difference).toBeLessThan(tolerance * Math.hypot(...wanted));
}

onBackends(() => {
  test.each(goldenNames)('of %s: H v and G v are those of JAX, and nothing but them is left', (name) => {
    const { objective, expected, v, unflat, dispose } = golden(name);
    const { loss, outputs, outputLoss, params } = objective;
    const direction = unflat(v);
    const before = tf.memory().numTensors;
    const [hv, gv] = [hvp(loss, params, direction), gaussNewton(outputs!, outputLoss!, params, direction)];
    expectClose(hv, expected.hessian.product);
    expectClose(gv, expected.gaussNewton.product);
    tf.dispose([hv, gv]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(direction);
    dispose();
  });

  test('J v and Jᵀ u are their closed forms, of several parameters and outputs', () => {
    tf.tidy(() => {
      const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.scalar(3))];
      const outputs = () => [tf.mul(tf.square(a), b), tf.sum(a)];
      // ∂z₁/∂a = 2 a b on the diagonal, ∂z₁/∂b = a², ∂z₂/∂a = 1.
      const [first, second] = jvp(outputs, [a, b], [tf.tensor1d([1, -1]), tf.scalar(0.5)]);
      expectClose([first!], [6 + 0.5, -12 + 2]);
      expect(numbers(second)).toEqual([0]);
      const [ofA, ofB] = vjp(outputs, [a, b], [tf.tensor1d([1, -1]), tf.scalar(10)]);
      expectClose([ofA!], [6 + 10, -12 + 10]);
      expectClose([ofB!], [1 - 4]);
    });
  });

  test('of a loss that holds a gradient itself, H is the third derivative: a penalised critic can be probed', () => {
    tf.tidy(() => {
      const xs = [0.5, -1];
      const w = tf.variable(tf.tensor1d(xs));
      const slope = tf.grad((w) => tf.sum(tf.tanh(w)));
      const penalty = () => twiceDifferentiable(() => tf.sum<tf.Scalar>(tf.square(slope(w))));
      const [hv] = hvp(penalty, [w], [tf.ones([2])]);
      // (s²)″ = 2 s′² + 2 s s″ with s = 1 − t², s′ = −2 t s, s″ = s (6 t² − 2).
      const bends = xs.map(Math.tanh).map((t) => {
        const s = 1 - t * t;
        return 2 * (2 * t * s) ** 2 + 2 * s * s * (6 * t * t - 2);
      });
      expectClose([hv!], bends);
      w.dispose();
    });
  });
});

describe('a product', () => {
  const cubes = (w: tf.Tensor) => () => tf.sum(tf.pow(w, 3)) as tf.Scalar;

  test('is taken in whatever tensors the function reads, zero in one that it does not', () => {
    tf.tidy(() => {
      const [w, unread] = [tf.tensor1d([1, -2]), tf.tensor1d([5])];
      const [hw, hunread] = hvp(cubes(w), [w, unread], [tf.onesLike(w), tf.onesLike(unread)]);
      expectClose([hw!], [6, -12]);
      expect(numbers(hunread)).toEqual([0]);
    });
  });

  test('refuses a direction of another shape, and says which it must have', () => {
    tf.tidy(() => {
      const w = tf.tensor1d([1, -2]);
      const wrong = [tf.ones([3])];
      const z = () => [tf.square(w)];
      const ofOutputs = ([z]: readonly tf.Tensor[]) => tf.sum<tf.Scalar>(z!);
      expect(() => hvp(cubes(w), [w], wrong)).toThrow('hvp: v must have the shapes [2], got [3]');
      expect(() => jvp(z, [w], wrong)).toThrow('jvp: v must have the shapes [2], got [3]');
      expect(() => vjp(z, [w], wrong)).toThrow('vjp: u must have the shapes [2], got [3]');
      expect(() => gaussNewton(z, ofOutputs, [w], wrong)).toThrow('v must have the shapes [2], got [3]');
    });
  });

  test('refuses a loss that is no scalar, outputs that are no list, and a function that gives nothing', () => {
    tf.tidy(() => {
      const w = tf.tensor1d([1, -2]);
      const notScalar = () => tf.square(w) as unknown as tf.Scalar;
      const notList = () => tf.square(w) as unknown as tf.Tensor[];
      const nothing = (() => undefined) as unknown as (x: tf.Tensor) => tf.Tensor;
      const remedy = 'the loss must be a scalar, got one of shape [2]; take its tf.mean or tf.sum';
      expect(() => hvp(notScalar, [w], [w])).toThrow(remedy);
      expect(() => gaussNewton(() => [w], notScalar, [w], [w])).toThrow(remedy);
      expect(() => jvp(notList, [w], [w])).toThrow('the outputs must be a list of tensors, as of () => [z]');
      expect(() => vjp(notList, [w], [w])).toThrow('the outputs must be a list of tensors, as of () => [z]');
      expect(() => twiceDifferentiable(() => tf.grad(nothing)(w))).toThrow('must return a tensor, got undefined');
    });
  });

  test('leaves nothing where the function throws, or the direction is refused', () => {
    const w = tf.tensor1d([1, -2]);
    const wrong = tf.ones([3]);
    const before = tf.memory().numTensors;
    const failing = () => {
      tf.square(w);
      throw new Error('loss');
    };
    expect(() => hvp(failing, [w], [w])).toThrow('loss');
    expect(() => jvp(failing, [w], [w])).toThrow('loss');
    expect(() => hvp(cubes(w), [w], [wrong])).toThrow('shapes');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([w, wrong]);
  });
});
