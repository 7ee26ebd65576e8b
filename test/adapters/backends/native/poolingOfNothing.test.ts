import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { POOLING, poolingOfNothing } from '../../../../adapters/backends/native/poolingOfNothing.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('pooling on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  /** A kernel of pooling on images or volumes of ones; what is pooled, and its gradient, are as large as tfjs says. */
  function pool(name: string, batch: number, side: number, window: number): tf.Tensor {
    const sides = name.includes('3D') ? [0, 0, 0] : [0, 0];
    const of = (size: number) => tf.ones([batch, ...sides.map(() => size), 2]);
    const images = of(side);
    const pooled = of(Math.floor(side / window));
    const inputs: tf.NamedTensorMap = name.includes('Grad')
      ? { dy: pooled, input: images, output: pooled }
      : { x: images };
    const attrs = { filterSize: sides.map(() => window), strides: sides.map(() => window), pad: 'valid' };
    return tf.engine().runKernel(name, inputs, attrs);
  }

  describe.each(POOLING)('%s', (name) => {
    test.each([
      ['smaller than the window', 5000, 4, 5],
      ['of which there is none', 0, 4, 2],
    ])(
      'of images %s asks TensorFlow for nothing, and has numbers for nothing but the gradient, which is zero',
      (...[, batch, side, window]) => {
        const kernel = tf.getKernel(name, 'tensorflow');
        const asked = (): never => {
          throw new Error('asked');
        };
        tf.unregisterKernel(name, 'tensorflow');
        tf.registerKernel(poolingOfNothing({ ...kernel, kernelFunc: asked }));
        try {
          const made = tf.tidy(() => pool(name, batch, side, window));
          const left = name.includes('Grad') ? side : Math.floor(side / window);
          expect(made.shape).toEqual([batch, ...Array(made.rank - 2).fill(left), 2]);
          expect(made.dataSync().every((x) => x === 0)).toBe(true);
          expect(() => tf.tidy(() => pool(name, 1, 4, 2))).toThrow('asked');
          made.dispose();
        } finally {
          tf.unregisterKernel(name, 'tensorflow');
          tf.registerKernel(kernel);
        }
      },
    );

    test('is so where it is loaded', () => {
      const made = tf.tidy(() => pool(name, 5000, 4, 5));
      expect(made.dataSync().every((x) => x === 0)).toBe(true);
      made.dispose();
    });
  });
});
