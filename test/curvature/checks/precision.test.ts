import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { precision, remedyForHalf } from '../../../src/curvature/checks/precision.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { halfFactors, halfSums, standIn } from '../../standIn.js';
import { onBackends } from '../onBackends.js';

onBackends(() => {
  test('computes as float32', () => {
    expect(precision()).toBe('float32');
  });

  test('is tried once, for a record should cost no more than it must', async () => {
    precision();
    const given = tf.scalar(0);
    const { kernels } = await tf.profile(() => {
      precision();
      return given;
    });
    expect(kernels).toEqual([]);
    given.dispose();
  });
});

describe.each([
  ['sums', halfSums],
  ['products of matrices', halfFactors('BatchMatMul')],
  ['convolutions', halfFactors('Conv2D')],
])('on a device with half precision in its %s', (_, otherwise) => {
  let takeAway: () => void;
  beforeAll(async () => {
    takeAway = standIn('half', otherwise);
    await tf.setBackend('half');
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
    takeAway();
  });

  test('the precision is found by trying', () => {
    expect(precision()).toBe('half');
  });

  test('curvature is refused, by the name of the backend', () => {
    const w = tf.variable(tf.scalar(1));
    expect(() => curvatureOf({ step: 0, params: [w], loss: () => tf.square(w) })).toThrow(
      "curvatureOf: the backend half computes in half precision on this device, too coarse for second derivatives; setBackend('wasm') or 'cpu' first",
    );
    w.dispose();
  });
});

test('on TensorFlow the remedy is that of NVIDIA, whose libraries ask the environment', () => {
  expect(remedyForHalf('tensorflow')).toContain('NVIDIA_TF32_OVERRIDE=0');
});
