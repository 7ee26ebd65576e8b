import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { allFinite } from '../../../../adapters/backends/native/allFinite.js';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import type { NodeBackend } from '../../../../adapters/backends/native/nodeBackend.js';
import { device, findNative, folder } from './provisioned.js';

describe.skipIf(!findNative() || device === 'gpu')('of numbers on a processor', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const LENGTH = 100_003;

  test.each([
    [true, 'are finite', 1e15],
    [true, 'are as small as float32 goes', 1.4e-45],
    [false, 'hold a NaN', NaN],
    [false, 'hold ∞', Infinity],
    [false, 'hold −∞', -Infinity],
    [false, 'hold one whose square is beyond float32', 2e19],
  ])('it is %s that they are surely finite where they %s', (expected, _, strange) => {
    for (const at of [0, 4711, LENGTH - 1]) {
      const values = new Float32Array(LENGTH).fill(-1);
      values[at] = strange;
      const x = tf.tensor1d(values);
      expect(allFinite(tf.backend() as unknown as NodeBackend, x)).toBe(expected);
      x.dispose();
    }
  });
});
