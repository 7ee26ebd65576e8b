import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import type { NodeBackend } from '../../../../adapters/backends/native/nodeBackend.js';
import { type Operations, withIntermediates } from '../../../../adapters/backends/native/withIntermediates.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('intermediates on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const node = () => tf.backend() as unknown as NodeBackend & { binding: { getNumOfTensors(): number } };

  /** Σ x², by way of x². */
  function sumOfSquares({ run, tensor, indices }: Operations, x: tf.Tensor1D): tf.Scalar {
    const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node().binding;
    const type = (name: string, value: number) => ({ name, type: TF_ATTR_TYPE, value });
    const squares = run('Square', [type('T', TF_FLOAT)], node().getInputTensorIds([x]));
    const all = [type('T', TF_FLOAT), type('Tidx', TF_INT32)];
    return tensor('Sum', all, [...squares, indices([0])]) as tf.Scalar;
  }

  test('give a result, and only that stays', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const { numTensors } = tf.memory();
    const before = node().binding.getNumOfTensors();
    const sum = withIntermediates(node(), (operations) => sumOfSquares(operations, x));
    expect(sum.arraySync()).toBe(14);
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    sum.dispose();
    // The operations have brought x to TensorFlow.
    expect(node().binding.getNumOfTensors()).toBe(before + 1);
  });

  test('are gone, too, when an operation throws', () => {
    const x = tf.tensor1d([1, 2, 3]);
    node().getInputTensorIds([x]);
    const before = node().binding.getNumOfTensors();
    const failing = ({ run, indices }: Operations) => run('NoSuchOperation', [], [indices([1])]);
    expect(() => withIntermediates(node(), failing)).toThrow('NoSuchOperation');
    expect(node().binding.getNumOfTensors()).toBe(before);
  });
});
