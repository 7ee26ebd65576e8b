import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('SingularValues on the provisioned TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const run = (input: tf.Tensor2D): number[] => {
    const singular = tf.engine().runKernel<tf.Tensor>('SingularValues', { input });
    const values = [...singular.dataSync()];
    singular.dispose();
    return values;
  };

  // U diag(10, 1) Vᵀ with U and V turned by the 3-4-5 triangle, and a row of zeros more.
  const tall = [
    [4.24, 4.32],
    [4.32, 6.76],
    [0, 0],
  ];
  test.each([
    ['tall', (x: tf.Tensor2D) => x],
    ['wide', (x: tf.Tensor2D) => tf.transpose(x)],
  ])('of a %s matrix are those of its diagonal, ascending', (_, turned) => {
    tf.tidy(() => {
      const found = run(turned(tf.tensor2d(tall)));
      expect(found).toHaveLength(2);
      [1, 10].forEach((value, i) => expect(found[i]! / value).toBeCloseTo(1, 5));
    });
  });

  // In float32 1 + 1e-8 is 1, and the two would be 2 and 0.
  test('keep the square of 1e-4 beside 2, which float32 has no digits for', () => {
    tf.tidy(() => {
      const [small, large] = run(
        tf.tensor2d([
          [1, 1],
          [0, Math.SQRT2 * 1e-4],
        ]),
      );
      // Of [[1, 1], [0, e]]: the product is e, the sum of the squares 2 + e².
      expect(small! * large!).toBeCloseTo(Math.SQRT2 * 1e-4, 9);
      expect(small! ** 2 + large! ** 2).toBeCloseTo(2, 6);
    });
  });

  test('leave nothing behind in TensorFlow', () => {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    const input = tf.tensor2d(tall);
    run(input);
    const before = binding.getNumOfTensors();
    run(input);
    expect(binding.getNumOfTensors()).toBe(before);
    input.dispose();
  });
});
