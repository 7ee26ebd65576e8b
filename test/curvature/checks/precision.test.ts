import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { precision } from '../../../src/curvature/checks/precision.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { onBackends } from '../onBackends.js';

onBackends(() => {
  test('computes as float32', () => {
    expect(precision()).toBe('float32');
  });
});

/** Rounds to the 11 bits of half precision, by splitting (Veltkamp 1968). */
const half = (x: number): number => {
  const spread = x * (2 ** 42 + 1);
  return spread - (spread - x);
};

describe('on a device with half precision', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    const cpu = tf.backend();
    tf.registerBackend('half', () => cpu);
    for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'half' });
    const add = tf.getKernel('Add', 'cpu').kernelFunc;
    tf.unregisterKernel('Add', 'half');
    tf.registerKernel({
      kernelName: 'Add',
      backendName: 'half',
      kernelFunc(given) {
        const sum = tf.engine().makeTensorFromTensorInfo(add(given) as tf.TensorInfo);
        return tf.tensor(sum.dataSync().map(half), sum.shape);
      },
    });
    await tf.setBackend('half');
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
    for (const { kernelName } of tf.getKernelsForBackend('half')) tf.unregisterKernel(kernelName, 'half');
  });

  test('the precision is found by trying', () => {
    expect(precision()).toBe('half');
  });

  test('curvature is refused, by the name of the backend', () => {
    const w = tf.variable(tf.scalar(1));
    expect(() => curvatureOf({ step: 0, params: [w], loss: () => tf.square(w) })).toThrow(
      'curvatureOf: the backend half computes in half precision on this device',
    );
    w.dispose();
  });
});
