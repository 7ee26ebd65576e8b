import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { twiceDifferentiable } from '../../src/curvature/twiceDifferentiable.js';
import { numbers } from '../conformance/objectiveOf.js';

type F = (x: tf.Tensor) => tf.Tensor;

describe('the scope', () => {
  const failing = (): never => {
    throw new Error('inside');
  };
  const tanhThenFailing: F = (x) => {
    tf.tanh(x);
    return failing();
  };
  const engine = tf.engine() as unknown as Record<string, unknown> & {
    state: { activeTape: unknown; gradientDepth: number };
  };
  const seen = () => ({
    methods: ['addTapeNode', 'saveTensorsForBackwardMode', 'runKernelFunc', 'gradients'].map((name) => engine[name]),
    own: Object.keys(engine),
    registry: ['EluGrad', 'MaxPool', 'AvgPool', 'Tile', 'Conv2DBackpropFilter', 'AvgPoolGrad'].map((k) =>
      tf.getGradient(k),
    ),
    tape: engine.state.activeTape ?? null,
    depth: engine.state.gradientDepth,
    tensors: tf.memory().numTensors,
  });
  let x: tf.Tensor1D;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    x = tf.tensor1d([0.5, -1]);
  });
  const net: F = (x) => tf.sum(tf.tanh(tf.elu(tf.square(x))));

  test('puts engine, registry and tape back', () => {
    const before = seen();
    tf.dispose(twiceDifferentiable(() => tf.grad((x) => tf.sum(tf.grad(net)(x)))(x)));
    expect(seen()).toEqual(before);
  });

  test.each([
    ['at once', failing],
    ['inside of a gradient', () => tf.grad(tanhThenFailing)(x)],
    ['inside of a gradient of a gradient', () => tf.grad((x) => tf.grad(tanhThenFailing)(x))(x)],
    [
      'inside of a custom gradient',
      () =>
        tf.grad((x) =>
          tf.customGrad((x, save) => {
            (save as tf.GradSaveFunc)([x as tf.Tensor]);
            return failing();
          })(x),
        )(x),
    ],
    [
      'on the way back',
      () =>
        tf.grad((x) => tf.customGrad((x) => ({ value: tf.square(x as tf.Tensor), gradFunc: failing }))(tf.tanh(x)))(x),
    ],
  ])('puts all of it back if its function throws %s', (_, f: () => unknown) => {
    const before = seen();
    expect(() => twiceDifferentiable(f)).toThrow('inside');
    expect(seen()).toEqual(before);
  });

  test('nests, and the inner end leaves the outer scope whole', () => {
    const before = seen();
    const second = twiceDifferentiable(() => {
      twiceDifferentiable(() => tf.dispose(tf.grad(net)(x)));
      expect(() => twiceDifferentiable(failing)).toThrow('inside');
      return tf.grad((x) => tf.sum(tf.grad((x) => tf.sum(tf.tanh(x)))(x)))(x);
    });
    expect(numbers(second)[0]).toBeCloseTo((-2 * Math.tanh(0.5)) / Math.cosh(0.5) ** 2, 5);
    second.dispose();
    expect(seen()).toEqual(before);
  });

  test('names a kernel that cannot be differentiated twice', () => {
    const largest: F = (x) => tf.sum(tf.topk(tf.square(x)).values);
    expect(() => twiceDifferentiable(() => tf.grad(largest)(x))).toThrow('no derivative of the kernel TopK is known');
  });

  test('refuses an asynchronous function', () => {
    expect(() => twiceDifferentiable(async () => x)).toThrow('f must be synchronous, it returned a promise');
  });
});
