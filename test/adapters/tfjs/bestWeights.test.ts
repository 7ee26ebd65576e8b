import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { instrument, type RunState } from '../../../adapters/tfjs/index.js';
import type { Failure } from '../../../src/core/watching.js';
import { bestWeights } from '../../../src/index.js';
import { convBatchNormDropout, weightsOf } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** Three epochs of two steps, whose learning rate jumps so that the loss on validation data is best in the middle. */
const RATES = [0.05, 0.05, 3];

function trainee(seed = 1) {
  const { model, x, y } = convBatchNormDropout(seed);
  const optimizer = tf.train.sgd(0);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const fit = async (epochs: number, initialEpoch = 0) => {
    const ends: { loss: number; weights: number[][] }[] = [];
    const callbacks = {
      onEpochBegin: async (epoch: number) => optimizer.setLearningRate(RATES[epoch]!),
      onEpochEnd: async (_: number, logs?: { val_loss?: number }) =>
        void ends.push({ loss: logs!.val_loss!, weights: weightsOf(model) }),
    };
    const how = { batchSize: 8, epochs, initialEpoch, shuffle: false, verbose: 0, callbacks };
    await model.fit(x, y, { ...how, validationData: [x, y] });
    return ends;
  };
  return { model, fit, x, y };
}

test('stop puts the weights of the best epoch back, the averages of batch normalization with them', async () => {
  const { model, fit } = trainee();
  const run = instrument(model, { seed: 1, keep: bestWeights('validation.loss') });
  const ends = await fit(3);
  expect(weightsOf(model)).toEqual(ends[2]!.weights);
  await run.stop();
  const losses = ends.map(({ loss }) => loss);
  expect(losses.indexOf(Math.min(...losses))).toBe(1);
  expect(weightsOf(model)).toEqual(ends[1]!.weights);
});

test('the weights at the best training loss are those at which it was measured', async () => {
  const { model, x, y } = trainee();
  model.compile({ optimizer: tf.train.sgd(3), loss: 'categoricalCrossentropy' });
  const run = instrument(model, { seed: 1, keep: bestWeights('train.loss', { mode: 'max' }) });
  const seen: { loss: number; weights: number[][] }[] = [];
  run.steps.subscribe(({ applied }) => seen.push({ loss: applied.loss.dataSync()[0]!, weights: weightsOf(model) }));
  for (let i = 0; i < 4; i++) await model.trainOnBatch(x, y);
  await run.stop();
  const worst = seen.reduce((a, b) => (b.loss > a.loss ? b : a));
  expect(weightsOf(model)).toEqual(worst.weights);
});

test('a run stopped within a step ends at the best weights all the same', async () => {
  const { model, x, y } = trainee();
  model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
  const run = instrument(model, { seed: 1, keep: bestWeights('train.loss') });
  const params = () => model.trainableWeights.map((w) => [...w.read().dataSync()]);
  const before = params();
  let stopped: Promise<void> | undefined;
  let measured = false;
  run.steps.subscribe(() => {
    stopped ??= run.stop();
  });
  run.measurements.subscribe(({ name }) => {
    measured ||= name === 'train.loss';
  });
  // The loss is measured after the call of stop, and the optimizer moves the weights after that.
  await model.trainOnBatch(x, y);
  await stopped;
  expect(measured).toBe(true);
  expect(params()).toEqual(before);
});

test('it leaves no tensor over, and training is the same', async () => {
  const train = async (keep: boolean) => {
    const { model, fit } = trainee();
    const before = tf.memory().numTensors;
    const run = instrument(model, { seed: 1, ...(keep && { keep: bestWeights('validation.loss') }) });
    const ends = await fit(3);
    await run.stop();
    return { last: ends[2], left: tf.memory().numTensors - before };
  };
  expect(await train(true)).toEqual(await train(false));
});

test('a metric that never came is one failure, and the weights stay as they are', async () => {
  const { model, fit } = trainee();
  const run = instrument(model, { seed: 1, keep: bestWeights('validation.accuracy') });
  const failures: Failure[] = [];
  run.failures.subscribe((failure) => failures.push(failure));
  const ends = await fit(2);
  await run.stop();
  expect(weightsOf(model)).toEqual(ends[1]!.weights);
  expect(failures.map(({ source }) => source)).toEqual(["bestWeights('validation.accuracy', min)"]);
  expect(failures[0]!.error.message).toMatch(/never measured, so the weights stay; measured were .*validation\.loss/);
});

test('a run that goes on after its best epoch still ends at it', async () => {
  const options = { seed: 1, keep: bestWeights('validation.loss') };
  const first = trainee();
  const run = instrument(first.model, options);
  const ends = await first.fit(2);
  const state = JSON.parse(JSON.stringify(run.state())) as RunState;
  await run.stop();
  const second = trainee(2);
  second.model.setWeights(first.model.getWeights());
  const resumed = instrument(second.model, { ...options, state });
  const [last] = await second.fit(3, state.epoch);
  expect(last!.loss).toBeGreaterThan(ends[1]!.loss);
  await resumed.stop();
  expect(weightsOf(second.model)).toEqual(ends[1]!.weights);
});

test('in a hand-written loop the weights are the parameters of its steps', async () => {
  const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
  const optimizer = tf.train.sgd(0.9);
  const run = instrument(optimizer, { keep: bestWeights('train.loss') });
  const at: number[][] = [];
  for (const w of [a, b, a, b]) {
    at.push([a, b].map((v) => v.dataSync()[0]!));
    // The loss is 1, 2, 0.64 and 13.52: the third is best.
    const weight = w === a ? 1 : 2;
    optimizer.minimize(() => tf.mul<tf.Scalar>(weight, tf.square(w)), false, [w]);
  }
  await run.stop();
  expect([a, b].map((v) => v.dataSync()[0]!)).toEqual(at[2]);
});
