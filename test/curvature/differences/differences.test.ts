import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Objective } from '../../../src/core/objective.js';
import type { Curvature } from '../../../src/curvature/curvature.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { curvatureByDifferences } from '../../../src/curvature/differences/differences.js';
import { numbers, objectiveOf } from '../../conformance/objectiveOf.js';
import { golden, goldenNames } from '../../golden.js';
import { onBackends } from '../onBackends.js';

/** What central differences promise where the loss is smooth, relative to the length of the product. */
const tolerance = 2e-4;

const length = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v));

function expectClose(found: Float64Array, wanted: ArrayLike<number>, scale = length(wanted)): void {
  expect(found).toHaveLength(wanted.length);
  expect(length(found.map((x, i) => x - wanted[i]!))).toBeLessThan(tolerance * scale);
}

function withCurvature(objective: Objective, use: (curvature: Curvature) => void): void {
  const curvature = curvatureByDifferences(objective);
  try {
    use(curvature);
  } finally {
    curvature.dispose();
  }
}

/** A kernel x ↦ x³ whose gradient is a kernel that has none. */
const opaqueCube = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel('OpaqueCube', { x });

function registerOpaqueCube(backendName: string): void {
  const kernel = (kernelName: string, of: (x: tf.Tensor) => tf.Tensor): void =>
    tf.registerKernel({ kernelName, backendName, kernelFunc: ({ inputs }) => of(inputs.x as tf.Tensor) });
  kernel('OpaqueCube', (x) => tf.mul(x, tf.square(x)));
  kernel('OpaqueCubeGrad', (x) => tf.mul(3, tf.square(x)));
}

tf.registerGradient({
  kernelName: 'OpaqueCube',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({
    x: () => tf.mul(dy as tf.Tensor, tf.engine().runKernel('OpaqueCubeGrad', { x: x! }) as tf.Tensor),
  }),
});

onBackends((backend) => {
  test.each(goldenNames)('the products and the gradient of %s are those of JAX', (name) => {
    const { objective, expected, v, dispose } = golden(name);
    withCurvature(objective, ({ engine, loss, gradient, hessian, parts }) => {
      const direction = Float64Array.from(v);
      const scale = length(expected.hessian.product);
      expect(engine).toBe('finite-difference');
      expect(loss).toBeCloseTo(expected.loss, 5);
      expectClose(gradient, expected.gradient);
      expectClose(hessian.apply(direction), expected.hessian.product);
      expectClose(parts!.gaussNewton.apply(direction), expected.gaussNewton.product, scale);
      expectClose(parts!.nme.apply(direction), expected.nme.product, scale);
      const split = parts!.split.apply(direction);
      expectClose(split.hessian, expected.hessian.product);
      expectClose(split.gaussNewton, expected.gaussNewton.product, scale);
      expectClose(split.nme, expected.nme.product, scale);
    });
    dispose();
  });

  test('where a kernel has no second derivative there is an answer, which the exact engine refuses', () => {
    registerOpaqueCube(backend);
    const w = tf.variable(tf.tensor1d([1, -2, 0.5]));
    const objective = objectiveOf([w], () => opaqueCube(w));
    const v = Float64Array.of(1, 1, 1);
    const exact = curvatureOf(objective);
    expect(() => exact.hessian.apply(v)).toThrow('no derivative of the kernel OpaqueCubeGrad is known');
    exact.dispose();
    withCurvature(objective, ({ gradient, hessian }) => {
      expectClose(gradient, [3, 12, 0.75]);
      expectClose(hessian.apply(v), [6, -12, 3]);
    });
    w.dispose();
  });

  test('first gradients that tfjs has wrong are right in it', () => {
    const image = tf.variable(tf.ones([1, 3, 3, 1]) as tf.Tensor4D);
    // Of the windows at 2 × 2 the last is a corner alone: its average is that pixel.
    const objective = objectiveOf([image], () => tf.square(tf.avgPool(image, 2, 2, 'same')));
    withCurvature(objective, ({ gradient, hessian }) => {
      expectClose(gradient, [0.5, 0.5, 1, 0.5, 0.5, 1, 1, 1, 2]);
      expectClose(hessian.apply(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1)), [0, 0, 0, 0, 0, 0, 0, 0, 2]);
    });
    image.dispose();
  });

  test('weights are put back bit for bit, also if the loss throws, and no tensor is left', () => {
    const w = tf.variable(tf.tensor1d([0.1, 0.2, 0.3]));
    const before = { weights: numbers(w), tensors: tf.memory().numTensors };
    let failing = false;
    const objective = objectiveOf([w], () => {
      if (failing) throw new Error('loss');
      return tf.exp(w);
    });
    withCurvature(objective, ({ hessian }) => {
      hessian.apply(Float64Array.of(1, 0, -1));
      expect(numbers(w)).toEqual(before.weights);
      failing = true;
      expect(() => hessian.apply(Float64Array.of(1, 0, -1))).toThrow('loss');
      expect(numbers(w)).toEqual(before.weights);
    });
    expect(tf.memory().numTensors).toBe(before.tensors);
    w.dispose();
  });
});

describe('a curvature by differences', () => {
  const v = Float64Array.of(1, -1);
  const cubed = (w: tf.Variable): Objective => objectiveOf([w], () => tf.pow(w, 3));

  test('is that of the weights it was made at, wherever they are by then', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    withCurvature(cubed(w), ({ hessian }) => {
      w.assign(tf.tensor1d([5, 5]));
      expectClose(hessian.apply(v), [6, -12]);
      expect(numbers(w)).toEqual([5, 5]);
    });
    w.dispose();
  });

  test('takes a direction of any length, and 0 to 0', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    withCurvature(cubed(w), ({ hessian }) => {
      for (const scale of [1e-6, 1e6]) {
        expectClose(hessian.apply(v.map((x) => scale * x)), [6 * scale, -12 * scale]);
      }
      expect([...hessian.apply(Float64Array.of(0, 0))]).toEqual([0, 0]);
    });
    w.dispose();
  });

  test('has a zero block for a parameter that the loss does not read, and zeros at weights that are zero', () => {
    const [w, unread] = [tf.variable(tf.tensor1d([0, 0])), tf.variable(tf.scalar(1))];
    const objective = objectiveOf([w, unread], () => tf.square(w));
    withCurvature(objective, ({ gradient, hessian }) => {
      expect([...gradient]).toEqual([0, 0, 0]);
      expectClose(hessian.apply(Float64Array.of(1, 1, 1)), [2, 2, 0]);
    });
    tf.dispose([w, unread]);
  });

  test('refuses a direction of another length, and products after dispose', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const { hessian, dispose } = curvatureByDifferences(cubed(w));
    expect(() => hessian.apply(Float64Array.of(1))).toThrow('v must hold 2 numbers, got 1');
    dispose();
    dispose();
    expect(() => hessian.apply(v)).toThrow('disposed');
    w.dispose();
  });
});
