import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { distance, flat } from '../golden.js';
import { distillationGolden } from './distillation.js';
import { lossGolden } from './losses.js';
import { losses } from './network.js';
import type { Values } from './readGolden.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const tensor = ({ values, shape }: Values): tf.Tensor => tf.tensor(values, shape);

test.each(Object.entries(lossGolden.losses))('%s in tfjs has the value and gradient of JAX', (_, golden) => {
  const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => losses[golden.loss](tensor(golden.y), z))(
    tensor(lossGolden.z),
  );
  expect(distance(flat([value]), [golden.value])).toBeLessThan(1e-6);
  expect(distance(flat([grad]), golden.gradient)).toBeLessThan(1e-6);
});

test.each(Object.entries(distillationGolden.cases))(
  'distillation at %s is what tfjs makes of its formula',
  (_, golden) => {
    const { temperature, weight } = golden;
    const soft = tf.softmax(tf.div(tensor(distillationGolden.teacher), temperature));
    const { value, grad } = tf.valueAndGrad((z: tf.Tensor) =>
      tf.add(
        tf.mul(1 - weight, losses.softmaxCrossEntropy(tensor(distillationGolden.labels), z)),
        tf.mul(weight * temperature ** 2, losses.softmaxCrossEntropy(soft, tf.div(z, temperature))),
      ),
    )(tensor(distillationGolden.student));
    expect(distance(flat([value]), [golden.loss])).toBeLessThan(1e-6);
    expect(distance(flat([grad]), golden.gradient)).toBeLessThan(1e-6);
  },
);
