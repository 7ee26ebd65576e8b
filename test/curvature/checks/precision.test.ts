import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { precision } from '../../../src/curvature/checks/precision.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { halfSums, standIn } from '../../standIn.js';
import { onBackends } from '../onBackends.js';

onBackends(() => {
  test('computes as float32', () => {
    expect(precision()).toBe('float32');
  });
});

describe('on a device with half precision', () => {
  let takeAway: () => void;
  beforeAll(async () => {
    takeAway = standIn('half', halfSums);
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
      'curvatureOf: the backend half computes in half precision on this device',
    );
    w.dispose();
  });
});
