import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('the place of the largest and of the smallest on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  test.each(['float32', 'int32', 'bool'] as const)('is the first of each row, of %s', (dtype) => {
    const x = tf.tensor2d([1, 0, 1, 0, 1, 1], [2, 3], dtype);
    expect('toInt' in x).toBe(false);
    const before = tf.memory();
    const [largest, smallest] = [tf.argMax(x, 1), tf.argMin(x, 1)];
    expect([largest.arraySync(), smallest.arraySync()]).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(largest.dtype).toBe('int32');
    tf.dispose([largest, smallest]);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
