import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type Run, type RunState } from '../../../adapters/tfjs/index.js';
import type { Intervention } from '../../../src/core/intervention.js';
import type { GradientFn } from '../../../src/core/objective.js';
import type { Measurement } from '../../../src/core/watching.js';
import {
  accumulate,
  compose,
  cosine,
  decoupledWeightDecay,
  every,
  hessianTrace,
  l2,
  lookSam,
  sam,
  sometimes,
  spectral,
  weightNoise,
} from '../../../src/index.js';
import { convBatchNormDropout, mlp, weightsOf } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  'momentum, Nesterov': () => tf.train.momentum(0.05, 0.9, true),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop, centered': () => tf.train.rmsprop(0.001, 0.9, 0.5, 1e-7, true),
};

/** One way to train: builds a network anew, and trains it so many steps. */
interface Trainee {
  readonly target: layers.LayersModel | tf.Optimizer;
  readonly model: layers.LayersModel;
  train(run: Run, steps: number): Promise<void>;
}

const WAYS: Readonly<Record<string, (optimizer: tf.Optimizer) => Trainee>> = {
  fit(optimizer) {
    const { model, x, y } = convBatchNormDropout();
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const train = async (run: Run, steps: number) => {
      // Two steps an epoch; epochs count on where the run was.
      const initialEpoch = run.state().epoch;
      const epochs = initialEpoch + steps / 2;
      await model.fit(x, y, { batchSize: 8, initialEpoch, epochs, shuffle: false, verbose: 0 });
    };
    return { target: model, model, train };
  },
  minimize(optimizer) {
    const { model, x, y } = convBatchNormDropout();
    const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
    const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor);
    const train = async (_: Run, steps: number) => {
      for (let i = 0; i < steps; i++) optimizer.minimize(() => tf.sum<tf.Scalar>(loss()), false, params);
    };
    return { target: optimizer, model, train };
  },
};

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Trains `before` steps, saves all, loads it into a network and an optimizer made anew, and trains `after` steps more. */
async function stoppedAndGoneOn(make: () => Trainee, options: InstrumentOptions, before: number, after: number) {
  const first = make();
  const run = instrument(first.target, options);
  await first.train(run, before);
  const saved = throughJson({ state: run.state(), weights: weightsOf(first.model) });
  await run.stop();

  const second = make();
  load(second.model, saved.weights);
  const resumed = instrument(second.target, { ...options, state: saved.state });
  await second.train(resumed, after);
  const state = resumed.state();
  await resumed.stop();
  return { weights: weightsOf(second.model), state };
}

async function uninterrupted(make: () => Trainee, options: InstrumentOptions, steps: number) {
  const trainee = make();
  const run = instrument(trainee.target, options);
  await trainee.train(run, steps);
  const state = run.state();
  await run.stop();
  return { weights: weightsOf(trainee.model), state };
}

function load(model: layers.LayersModel, weights: readonly number[][]): void {
  const shapes = model.getWeights().map(({ shape }) => shape);
  const tensors = weights.map((values, i) => tf.tensor(values, shapes[i]!));
  model.setWeights(tensors);
  tf.dispose(tensors);
}

/** The state without the names of variables, which count on from network to network within one process. */
const unnamed = (state: RunState): unknown =>
  JSON.parse(JSON.stringify(state, (key, value) => (key === 'name' && String(value).includes('/') ? '' : value)));

describe.each(Object.keys(WAYS))('a loop of %s', (way) => {
  test.each(Object.keys(OPTIMIZERS))('with %s of 10 steps, saved, loaded, and 10 more is one of 20', async (name) => {
    const make = () => WAYS[way]!(OPTIMIZERS[name]!());
    const options = { seed: 3 };
    const whole = await uninterrupted(make, options, 20);
    const parts = await stoppedAndGoneOn(make, options, 10, 10);
    expect(parts.weights).toEqual(whole.weights);
    expect(unnamed(parts.state)).toEqual(unnamed(whole.state));
  });
});

describe.each(['adam', 'adamax'])('with %s', (name) => {
  test('50 steps, saved, loaded, and 50 more are 100: the powers of β come back as they were, not computed anew', async () => {
    const make = () => WAYS.minimize!(OPTIMIZERS[name]!());
    const options = { seed: 3 };
    const whole = await uninterrupted(make, options, 100);
    expect((await stoppedAndGoneOn(make, options, 50, 50)).weights).toEqual(whole.weights);
  }, 120_000);
});

const INTERVENTIONS: Readonly<Record<string, () => readonly Intervention[]>> = {
  sam: () => [sam({ rho: 0.1 })],
  'sam whose radius warms up with the step': () => [sam({ rho: (step) => Math.min(1, step / 15) * 0.1 })],
  'weightNoise, which draws from the stream of the run': () => [weightNoise({ stddev: 0.05 })],
  'spectral, which keeps vectors': () => [spectral(0.5)],
  'sometimes, at an interval that 10 is no multiple of': () => [sometimes(every(3), compose(sam(), weightNoise()))],
  'accumulate, over sam': () => [accumulate(2), sam()],
  'sam in groups, on a fraction of each': () => [sam({ m: 4, ascentFraction: 1 / 2 })],
  'lookSam, which keeps a direction, between two of its ascents': () => [lookSam({ rho: 0.1, interval: 4 })],
  'decoupledWeightDecay, of a schedule': () => [decoupledWeightDecay(cosine({ from: 0.1, steps: 20 }))],
  'several, some of them composed': () => [
    compose(sam({ rho: 0.1 }), weightNoise({ stddev: 0.05 })),
    everyThird(l2(0.1)),
    l2(0.01),
  ],
};

/** Every third of its steps, counted by itself: wrong from the first step on if its count is lost. */
function everyThird(intervention: Intervention): Intervention {
  return (next) => {
    const within = intervention(next);
    let count = 1;
    const everyThird: GradientFn = (objective) => (count++ % 3 === 0 ? within : next)(objective);
    everyThird.state = () => count;
    everyThird.restore = (saved) => {
      count = saved as number;
    };
    return everyThird;
  };
}

test.each(Object.keys(INTERVENTIONS))(
  'under %s, 10 steps, saved, loaded, and 10 more are 20, and so is its state',
  async (name) => {
    const make = () => WAYS.fit!(tf.train.momentum(0.02, 0.9));
    const options = () => ({ seed: 3, interventions: INTERVENTIONS[name]!() });
    const whole = await uninterrupted(make, options(), 20);
    const parts = await stoppedAndGoneOn(make, options(), 10, 10);
    expect(parts.weights).toEqual(whole.weights);
    expect(unnamed(parts.state)).toEqual(unnamed(whole.state));
  },
);

test('a state tells the step and the epoch, and how often sam was active', async () => {
  const make = () => WAYS.fit!(tf.train.sgd(0.1));
  const options = { interventions: [sam({ rho: (step: number) => (step % 2 ? 0.1 : 0) })] };
  const { state } = await stoppedAndGoneOn(make, options, 6, 4);
  expect([state.step, state.epoch]).toEqual([10, 5]);
  expect(state.interventions).toEqual([{ name: 'sam', state: 5 }]);
});

/** A small network and its optimizer, compiled, with a batch to train on. */
function compiled(optimizer: tf.Optimizer = tf.train.adam(0.01)) {
  const { model, x, y } = mlp();
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  return { model, x, y, optimizer };
}

test('a state taken in the middle of an epoch goes on with the batch that comes next', async () => {
  const cut = async (batches: readonly number[], model: layers.LayersModel, x: tf.Tensor, y: tf.Tensor) => {
    for (const i of batches) await model.trainOnBatch(tf.slice(x, i * 8, 8), tf.slice(y, i * 8, 8));
  };
  const whole = compiled();
  const run = instrument(whole.model, { seed: 3, interventions: [weightNoise()] });
  const taken: { state: RunState; weights: number[][] }[] = [];
  const onBatchEnd = async (batch: number) => {
    if (batch === 1) taken.push(throughJson({ state: run.state(), weights: weightsOf(whole.model) }));
  };
  await whole.model.fit(whole.x, whole.y, {
    batchSize: 8,
    epochs: 2,
    shuffle: false,
    verbose: 0,
    callbacks: { onBatchEnd },
  });
  await run.stop();
  // Three batches an epoch: the second of the first epoch was the last before the state.
  expect(taken.map(({ state }) => [state.step, state.epoch])).toEqual([[2, 0], [5, 1]]); // biome-ignore format: a table

  const { model, x, y } = compiled();
  load(model, taken[0]!.weights);
  const resumed = instrument(model, { seed: 3, interventions: [weightNoise()], state: taken[0]!.state });
  await cut([2, 0, 1, 2], model, x, y);
  await resumed.stop();
  expect(weightsOf(model)).toEqual(weightsOf(whole.model));
});

test('at the end of an epoch a callback finds the epoch in the state, a plain one and an instance', async () => {
  for (const instance of [false, true]) {
    const { model, x, y } = compiled();
    const run = instrument(model);
    const epochs: number[] = [];
    const onEpochEnd = async () => void epochs.push(run.state().epoch);
    const callbacks = instance ? Object.assign(layers.callbacks.earlyStopping(), { onEpochEnd }) : { onEpochEnd };
    await model.fit(x, y, { epochs: 2, verbose: 0, callbacks });
    await run.stop();
    expect(epochs).toEqual([1, 2]);
  }
});

test('a state taken twice is the same, and taking it changes nothing', async () => {
  const train = async (taking: boolean) => {
    const { model, x, y } = compiled(tf.train.adamax(0.01));
    const run = instrument(model, { seed: 3, interventions: [sam(), weightNoise()] });
    const twice = () => {
      const before = tf.memory().numTensors;
      expect(run.state()).toEqual(run.state());
      expect(tf.memory().numTensors).toBe(before);
    };
    for (let i = 0; i < 4; i++) {
      if (taking) twice();
      await model.trainOnBatch(x, y);
    }
    await run.stop();
    return weightsOf(model);
  };
  expect(await train(true)).toEqual(await train(false));
});

test('going on puts the state in place of what the optimizer had, and leaves no tensor over', async () => {
  const first = compiled();
  const run = instrument(first.model);
  await first.model.trainOnBatch(first.x, first.y);
  const [state, weights] = [run.state(), weightsOf(first.model)];
  await first.model.trainOnBatch(first.x, first.y);
  await run.stop();

  const second = compiled(tf.train.adam(0.5));
  for (let i = 0; i < 3; i++) await second.model.trainOnBatch(second.x, second.y);
  load(second.model, weights);
  const before = tf.memory().numTensors;
  const resumed = instrument(second.model, { state });
  expect(tf.memory().numTensors).toBe(before);
  expect(unnamed(resumed.state())).toEqual(unnamed(state));
  await second.model.trainOnBatch(second.x, second.y);
  await resumed.stop();
  expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
});

test('a learning rate that was changed during the run goes on as it was', async () => {
  const { model, x, y, optimizer } = compiled(tf.train.sgd(0.1));
  const run = instrument(model);
  (optimizer as tf.SGDOptimizer).setLearningRate(0.025);
  const state = throughJson(run.state());
  await model.trainOnBatch(x, y);
  await run.stop();
  const again = compiled(tf.train.sgd(0.1));
  const resumed = instrument(again.model, { state });
  await again.model.trainOnBatch(x, y);
  await resumed.stop();
  expect(weightsOf(again.model)).toEqual(weightsOf(model));
});

test('steps that nothing watches are counted too, in fit and in minimize', async () => {
  for (const way of ['fit', 'minimize']) {
    const { state } = await uninterrupted(() => WAYS[way]!(tf.train.sgd(0.1)), {}, 4);
    expect(state.step).toBe(4);
  }
});

test('a run that goes on measures at the steps at which the whole run would have, with the same random directions', async () => {
  const measured = async (options: Partial<InstrumentOptions>, weights?: number[][], steps = 4) => {
    const { model, x, y } = compiled(tf.train.sgd(0.1));
    if (weights) load(model, weights);
    const run = instrument(model, { metrics: [[hessianTrace({ samples: 2 }), every(3)]], ...options });
    const seen: Measurement[] = [];
    run.measurements.subscribe((m) => m.name === 'hessian.trace' && seen.push(m));
    for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
    const [state, now] = [run.state(), weightsOf(model)];
    await run.stop();
    return { state, weights: now, traces: seen.map(({ step, value }) => [step, value]) };
  };
  const whole = await measured({}, undefined, 8);
  const half = await measured({});
  const rest = await measured({ state: half.state }, half.weights);
  expect([...half.traces, ...rest.traces]).toEqual(whole.traces);
  expect(whole.traces.map(([step]) => step)).toEqual([0, 3, 6]);
});
