import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { instrument } from '../../../adapters/tfjs/instrument.js';
import type { OptimizerSettings, Step } from '../../../src/core/watching.js';

/** What a step of a model tells of its optimizer. */
async function told(optimizer: tf.Optimizer): Promise<OptimizerSettings | undefined> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const run = instrument(model);
  const steps: Step[] = [];
  run.steps.subscribe((step) => steps.push(step));
  await model.trainOnBatch(tf.ones([3, 2]), tf.ones([3, 1]));
  await run.stop();
  return steps[0]!.optimizer;
}

test('a step tells the kind of its optimizer, its learning rate, and its momentum if it has one', async () => {
  expect(await told(tf.train.sgd(0.1))).toEqual({ kind: 'SGD', learningRate: 0.1 });
  expect(await told(tf.train.momentum(0.2, 0.9))).toEqual({
    kind: 'Momentum',
    learningRate: 0.2,
    momentum: 0.9,
    nesterov: false,
  });
  expect(await told(tf.train.momentum(0.2, 0.5, true))).toMatchObject({ momentum: 0.5, nesterov: true });
  expect(await told(tf.train.adam(0.001))).toEqual({ kind: 'Adam', learningRate: 0.001 });
});

test('a step of a hand-written loop tells the learning rate as it is at that step', async () => {
  const optimizer = tf.train.sgd(0.1);
  const run = instrument(optimizer);
  const rates: (number | undefined)[] = [];
  run.steps.subscribe((step) => rates.push(step.optimizer?.learningRate));
  const w = tf.variable(tf.scalar(1));
  for (const rate of [0.1, 0.05]) {
    optimizer.setLearningRate(rate);
    optimizer.minimize(() => tf.square(w), false, [w]);
  }
  await run.stop();
  expect(rates).toEqual([0.1, 0.05]);
});
