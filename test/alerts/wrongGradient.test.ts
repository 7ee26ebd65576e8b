import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { type Alert, every, topEigenvalue } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A step on the sum of squares of a pooled image; the alerts that it raises with no rule given. */
async function alertsOf(pool: (image: tf.Tensor4D) => tf.Tensor): Promise<Alert[]> {
  const image = tf.variable(tf.randomNormal([1, 3, 3, 1], 0, 1, 'float32', 1) as tf.Tensor4D);
  const optimizer = tf.train.sgd(0.01);
  const alerts: Alert[] = [];
  const run = instrument(optimizer, { metrics: [[topEigenvalue(), every(1)]] });
  run.alerts.subscribe((alert) => alerts.push(alert));
  optimizer.minimize(() => tf.sum(tf.square(pool(image))), false, [image]);
  await run.stop();
  image.dispose();
  return alerts;
}

test('average pooling over a border, whose gradient tfjs gets wrong, is a critical alert in any run', async () => {
  const alerts = await alertsOf((image) => tf.avgPool(image, 2, 2, 'same'));
  expect(alerts).toMatchObject([
    {
      id: 'wrong gradient',
      severity: 'critical',
      state: 'raised',
      measurement: { name: 'gradient.self_check', step: 0 },
    },
  ]);
});

test('average pooling within the image is none', async () => {
  expect(await alertsOf((image) => tf.avgPool(image, 2, 1, 'valid'))).toEqual([]);
});
