import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type RunState } from '../../adapters/tfjs/index.js';
import { bestWeights, every, type Measurement, type Sink, sam, sometimes } from '../../src/index.js';
import { mlp, weightsOf } from '../models.js';

/** Bugs of saving, loading and keeping the best that were reported in public, each as a test that this project passes. */

beforeAll(() => tf.setBackend('cpu'));

interface Saved {
  readonly state: RunState;
  readonly weights: readonly (readonly number[])[];
}

/** Trains a small network so many full batches, from the start or from what was saved; then saves through JSON. */
async function train(steps: number, optimizer: tf.Optimizer, options: InstrumentOptions, from?: Saved): Promise<Saved> {
  const { model, x, y } = mlp();
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  if (from) {
    model.setWeights(from.weights.map((values, i) => tf.tensor([...values], model.getWeights()[i]!.shape)));
  }
  const run = instrument(model, { ...options, ...(from && { state: from.state }) });
  for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
  const saved = JSON.stringify({ state: run.state(), weights: weightsOf(model) });
  await run.stop();
  return JSON.parse(saved);
}

const withSam = { interventions: [sam({ rho: 0.1 })] };

describe('tensorflow/tfjs#28, #5138: a model is saved without its optimizer', () => {
  test.each(['adam', 'adamax'] as const)('%s under sam goes on bit for bit', async (name) => {
    const optimizer = () => tf.train[name](0.02);
    const whole = await train(20, optimizer(), withSam);
    const rest = await train(10, optimizer(), withSam, await train(10, optimizer(), withSam));
    expect(rest.weights).toEqual(whole.weights);
  });

  test('Adam saved by getWeights and loaded by setWeights is not bit for bit as it was, and so is not relied on', async () => {
    const optimizer = tf.train.adam(0.02);
    const { state } = await train(50, optimizer, {});
    const loaded = tf.train.adam(0.02);
    await loaded.setWeights(await optimizer.getWeights());
    const power = (adam: tf.Optimizer) => (adam as unknown as { accBeta1: tf.Variable }).accBeta1.dataSync()[0];
    expect(power(loaded)).not.toBe(power(optimizer));
    expect(state.optimizer.scalars.accBeta1).toBe(power(optimizer));
  });
});

test('davda54/sam#34, #39: the loss collapses when sam goes on from a checkpoint; here, over momentum, it goes on to the bit', async () => {
  const optimizer = () => tf.train.momentum(0.1, 0.9);
  const losses = async (steps: number, from?: Saved) => {
    const seen: number[] = [];
    const write: Sink['write'] = (batch) => {
      for (const { name, value } of batch) if (name === 'train.loss') seen.push(value as number);
    };
    const saved = await train(steps, optimizer(), { ...withSam, sinks: [{ name: 'losses', write }] }, from);
    return { seen, saved };
  };
  const whole = await losses(20);
  const first = await losses(10);
  const rest = await losses(10, first.saved);
  expect([...first.seen, ...rest.seen]).toEqual(whole.seen);
});

test('davda54/sam#73: saving sam does not save another copy of the weights', async () => {
  const size = async (options: InstrumentOptions) =>
    JSON.stringify((await train(3, tf.train.sgd(0.1), options)).state).length;
  expect((await size(withSam)) - (await size({}))).toBeLessThan(40);
});

test('keras SharpnessAwareMinimization: an option that get_config leaves out is lost; here options stay in the program', async () => {
  const options = { interventions: [sam({ rho: 0.2, p: Infinity, adaptive: true, ascendPenalty: true })] };
  const whole = await train(6, tf.train.sgd(0.1), options);
  const rest = await train(3, tf.train.sgd(0.1), options, await train(3, tf.train.sgd(0.1), options));
  expect(rest.weights).toEqual(whole.weights);
});

test('mosaicml/composer: sam at an interval cannot go on from a checkpoint; here it goes on within its interval', async () => {
  const options = { interventions: [sometimes(every(3), sam({ rho: 0.1 }))] };
  const whole = await train(8, tf.train.adam(0.02), options);
  const rest = await train(4, tf.train.adam(0.02), options, await train(4, tf.train.adam(0.02), options));
  expect(rest.weights).toEqual(whole.weights);
});

test('mosaicml/composer#1200: the state of one set of algorithms is loaded into another without a word', async () => {
  const saved = await train(2, tf.train.sgd(0.1), withSam);
  await expect(train(2, tf.train.sgd(0.1), {}, saved)).rejects.toThrow(
    'the state is of the interventions [sam], this run has []; pass the same, in that order',
  );
});

test('tensorflow/tfjs#1087, #8488: EarlyStopping cannot restore the best weights', async () => {
  const { model, x, y } = mlp();
  const rates = [0.1, 0.1, 100, 0.1];
  const optimizer = tf.train.sgd(0);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const run = instrument(model, { keep: bestWeights('validation.loss') });
  const ends: { loss: number; weights: number[][] }[] = [];
  const callbacks = {
    onEpochBegin: async (epoch: number) => optimizer.setLearningRate(rates[epoch]!),
    onEpochEnd: async (_: number, logs?: Record<string, number>) => {
      ends.push({ loss: logs!.val_loss!, weights: weightsOf(model) });
      // Patience 1: the first epoch that is worse is the last.
      if (ends.length > 1 && ends.at(-1)!.loss > ends.at(-2)!.loss) model.stopTraining = true;
    },
  };
  await model.fit(x, y, { epochs: 4, batchSize: 24, validationData: [x, y], verbose: 0, callbacks });
  await run.stop();
  expect(ends).toHaveLength(3);
  expect(weightsOf(model)).toEqual(ends[1]!.weights);
});

test('wandb/wandb#5913: steps after a resume are dropped as out of order; here they count on', async () => {
  const steps: number[] = [];
  const write = (batch: readonly Measurement[]) => {
    for (const { name, step } of batch) if (name === 'train.loss') steps.push(step);
  };
  const options = { sinks: [{ name: 'steps', write }] };
  await train(2, tf.train.sgd(0.1), options, await train(3, tf.train.sgd(0.1), options));
  expect(steps).toEqual([0, 1, 2, 3, 4]);
});
