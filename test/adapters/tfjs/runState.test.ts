import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type RunState } from '../../../adapters/tfjs/index.js';
import type { Sink } from '../../../src/core/watching.js';
import { bestWeights } from '../../../src/index.js';
import { sam } from '../../../src/interventions/sam.js';
import { weightNoise } from '../../../src/interventions/weightNoise.js';
import { mlp, weightsOf } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

function compiled(optimizer: tf.Optimizer = tf.train.adam(0.01)) {
  const { model, x, y } = mlp();
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  return { model, x, y };
}

/** A state after two steps with Adam. */
async function taken(options: InstrumentOptions = {}, optimizer?: tf.Optimizer): Promise<RunState> {
  const { model, x, y } = compiled(optimizer);
  const run = instrument(model, options);
  for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
  const state = run.state();
  await run.stop();
  return state;
}

/** Why a state is refused; and that refusing it left no trace, and the model free for another run. */
async function refusal(state: unknown, options: InstrumentOptions = {}, optimizer?: tf.Optimizer): Promise<string> {
  const { model, x, y } = compiled(optimizer);
  await model.trainOnBatch(x, y);
  const [weights, tensors] = [weightsOf(model), tf.memory().numTensors];
  const opened: string[] = [];
  const sink: Sink = { name: 'sink', open: (run) => void opened.push(run.name), write() {} };
  let message = 'none';
  try {
    instrument(model, { sinks: [sink], ...options, state: state as RunState });
  } catch (error) {
    message = (error as Error).message;
  }
  expect([weightsOf(model), tf.memory().numTensors, opened]).toEqual([weights, tensors, []]);
  await instrument(model).stop();
  return message;
}

test('a state of another version is refused with both versions', async () => {
  expect(await refusal({ ...(await taken()), version: 2 })).toBe(
    'instrument: the state is of version 2, this sharpstream reads version 1; use the one that took it',
  );
});

test.each([
  [null, 'got null'],
  ['{"version":1}', 'got a string; JSON.parse it first'],
  [{}, 'got [object Object]'],
  [7, 'got 7'],
])('what is no state is refused: %s', async (state, got) => {
  expect(await refusal(state)).toBe(`instrument: state must be what run.state() gave, ${got}`);
});

test('a state of another kind of optimizer is refused with both kinds', async () => {
  expect(await refusal(await taken(), {}, tf.train.sgd(0.1))).toBe(
    'instrument: the state is of the optimizer Adam, this one is SGD; train on with Adam',
  );
  const centered = await taken({}, tf.train.rmsprop(0.01, 0.9, 0, 1e-7, true));
  expect(await refusal(centered, {}, tf.train.rmsprop(0.01))).toContain(
    'the state is of the optimizer RMSProp (centered), this one is RMSProp;',
  );
});

test('a state of other interventions is refused with both lists', async () => {
  const state = await taken({ interventions: [sam(), weightNoise()] });
  const remedy = 'pass the same, in that order';
  expect(await refusal(state)).toBe(
    `instrument: the state is of the interventions [sam, weightNoise], this run has []; ${remedy}`,
  );
  expect(await refusal(state, { interventions: [weightNoise(), sam()] })).toContain('this run has [weightNoise, sam]');
  expect(await refusal(await taken(), { interventions: [sam()] })).toContain('interventions [], this run has [sam]');
});

test('a state of another seed is refused, and one with a seed where there is none', async () => {
  const state = await taken({ seed: 5 });
  expect(await refusal(state, { seed: 6 })).toBe('instrument: the state has the seed 5, this run 6; pass seed: 5');
  expect(await refusal(state)).toContain('the state has the seed 5, this run undefined; pass seed: 5');
});

test('a state that keeps the best of another metric is refused with both', async () => {
  const state = await taken({ keep: bestWeights('train.loss') });
  expect(await refusal(state, { keep: bestWeights('train.loss', { mode: 'max' }) })).toBe(
    "instrument: the state keeps bestWeights('train.loss', min), this run bestWeights('train.loss', max); " +
      'pass the keep of the state',
  );
});

test('a state of weights of other shapes is refused, with the first that differs, and one of more weights', async () => {
  const state = await taken();
  const other = (units: number, depth = 1) => {
    const hidden = Array.from({ length: depth }, (_, i) =>
      layers.layers.dense({ units, ...(i === 0 && { inputShape: [6] }) }),
    );
    const model = layers.sequential({ layers: [...hidden, layers.layers.dense({ units: 3 })] });
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    return model;
  };
  expect(() => instrument(other(9), { state })).toThrow(
    'instrument: weight 0 has the shape [6, 8] in the state and [6, 9] here; make the network that the state was taken from',
  );
  expect(() => instrument(other(8, 2), { state })).toThrow('the state is of 4 weights, there are 6;');
  expect(() => instrument(other(8), { state })).not.toThrow();
});

test('a loop that shows its parameters step by step is refused at its first update, before a weight moves', async () => {
  const train = (shape: number[], optimizer: tf.Optimizer, options: InstrumentOptions = {}) => {
    const w = tf.variable(tf.ones(shape));
    const run = instrument(optimizer, options);
    const step = () => void optimizer.minimize(() => tf.sum<tf.Scalar>(tf.square(w)), false, [w]);
    return { w, run, step };
  };
  const first = train([2, 3], tf.train.momentum(0.1, 0.9));
  first.step();
  const state = first.run.state();
  await first.run.stop();

  // [3] and [2, 3] broadcast: tfjs alone would train on in silence.
  const { w, run, step } = train([3], tf.train.momentum(0.1, 0.9), { state });
  expect(step).toThrow('weight 0 has the shape [2, 3] in the state and [3] here');
  expect([...w.dataSync()]).toEqual([1, 1, 1]);
  await run.stop();

  const same = train([2, 3], tf.train.momentum(0.1, 0.9), { state });
  expect(same.step).not.toThrow();
  await same.run.stop();
});

test('a state cannot be taken within a step, nor after stop, and says when it can', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model);
  const failures: string[] = [];
  run.failures.subscribe(({ error }) => failures.push(error.message));
  run.steps.subscribe(() => void run.state());
  await model.trainOnBatch(x, y);
  await run.stop();
  expect(failures).toEqual(['run.state: a step is under way; take the state between steps, as in onBatchEnd']);
  expect(() => run.state()).toThrow('run.state: the run has stopped; take its state before stop()');
});

test('an optimizer that is none of tfjs is trained as ever, and refused when its state is asked for', async () => {
  class Signs extends tf.SGDOptimizer {
    static override get className(): string {
      return 'Signs';
    }
  }
  const { model, x, y } = compiled(new Signs(0.01));
  const run = instrument(model);
  await model.trainOnBatch(x, y);
  expect(() => run.state()).toThrow(
    'the optimizer must be one of tfjs-core 4.22, SGD, Momentum, Adagrad, Adadelta, RMSProp, Adam, Adamax, got Signs',
  );
  await run.stop();
});

test('a state is plain values: JSON gives it back unchanged', async () => {
  const state = await taken({ seed: 1, interventions: [sam()], keep: bestWeights('train.loss') });
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});
