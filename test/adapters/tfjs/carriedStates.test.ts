import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../../adapters/tfjs/index.js';
import { sam } from '../../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** h ← tanh(x + h), over the two steps of a batch and on from batch to batch. */
const carrying = (): LayersModel =>
  sequential({
    layers: [
      layers.simpleRNN({
        units: 1,
        stateful: true,
        kernelInitializer: 'ones',
        recurrentInitializer: 'ones',
        batchInputShape: [1, 2, 1],
      }),
    ],
  });

/** h after so many steps with x = 1. */
const after = (steps: number): number => Array.from({ length: steps }).reduce<number>((h) => Math.tanh(1 + h), 0);

test.each([undefined, true])(
  'a stateful layer in a hand-written loss, training = %s, begins every evaluation where its step began',
  async (training) => {
    const model = carrying();
    const x = tf.ones([1, 2, 1]);
    const loss = (): tf.Scalar => tf.sum(model.apply(x, training ? { training } : {}) as tf.Tensor) as tf.Scalar;
    const run = instrument(tf.train.sgd(0), { interventions: [sam()] });
    const measured: number[] = [];
    run.steps.subscribe(({ objective }) => {
      for (let i = 0; i < 3; i++) measured.push(objective.loss().dataSync()[0]!);
    });
    const trained = [2, 4, 6].map(() => tf.tidy(() => run.minimize({ loss }).dataSync()[0]!));
    await run.stop();
    [2, 4, 6].forEach((steps, i) => expect(trained[i]).toBeCloseTo(after(steps), 6));
    [2, 2, 2, 4, 4, 4, 6, 6, 6].forEach((steps, i) => expect(measured[i]).toBeCloseTo(after(steps), 6));
    expect(loss().dataSync()[0]).toBeCloseTo(after(8), 6);
  },
);

test('measuring a stateful layer in a hand-written loss leaves no tensor', async () => {
  const model = carrying();
  const x = tf.ones([1, 2, 1]);
  const run = instrument(tf.train.sgd(0));
  run.steps.subscribe(({ objective }) => void objective.loss());
  const step = (): void => run.minimize({ loss: () => tf.sum(model.apply(x) as tf.Tensor) as tf.Scalar }).dispose();
  step();
  const before = tf.memory().numTensors;
  step();
  expect(tf.memory().numTensors).toBe(before);
  await run.stop();
});
