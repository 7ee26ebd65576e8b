import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import * as sharpstream from '../../src/index.js';
import { convBatchNormDropout, mlp, weightsOf } from '../models.js';

const { every, sam } = sharpstream;

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const compiled = () => {
  const made = mlp();
  made.model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  return made;
};

describe('tensorflow/tfjs#153: none of the variables is trainable;', () => {
  const frozen = async (watched: boolean) => {
    const { model, x, y } = compiled();
    for (const layer of model.layers) layer.trainable = false;
    const run = watched ? instrument(model, { interventions: [sam()] }) : undefined;
    const error = await model.trainOnBatch(x, y).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    await run?.stop();
    return error;
  };

  test('a model all frozen says under a run what it says without one', async () => {
    expect(await frozen(true)).toMatch(/none of the 4 variables is trainable/);
    expect(await frozen(true)).toBe(await frozen(false));
  });

  test('an optimizer given frozen variables says what it says without a run', () => {
    const w = tf.variable(tf.scalar(1), false);
    const optimizer = tf.train.sgd(0.1);
    instrument(optimizer, { interventions: [sam()] });
    expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w])).toThrow(/none of the 1 variables/);
  });

  test('a model all frozen but its last layer trains that layer', async () => {
    const { model, x, y } = compiled();
    model.layers[0]!.trainable = false;
    const weights = () => model.layers.map((layer) => layer.getWeights().map((t) => [...t.dataSync()]));
    const before = weights();
    const run = instrument(model, { interventions: [sam()], metrics: [[sharpstream.gradientNorm(), every(1)]] });
    await model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0 });
    await run.stop();
    expect(weights()[0]).toEqual(before[0]);
    expect(weights()[1]).not.toEqual(before[1]);
  });
});

test('tensorflow/tfjs#312, #1087: stopTraining, set from a stream of the run, ends fit after the batch', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, { interventions: [sam()] });
  let steps = 0;
  run.steps.subscribe(({ index }) => {
    steps++;
    model.stopTraining = index === 2;
  });
  await model.fit(x, y, { batchSize: 8, epochs: 5, verbose: 0 });
  await run.stop();
  expect(steps).toBe(3);
});

test('tensorflow/tfjs#562: batch normalization differs by mode; here a probe says its mode and leaves the averages', async () => {
  const { model, x, y } = convBatchNormDropout();
  model.compile({ optimizer: tf.train.sgd(0), loss: 'categoricalCrossentropy' });
  const modes = ['inference', 'training'] as const;
  const metrics = modes.map((mode) => [sharpstream.samSharpness({ mode }), every(1)] as const);
  const run = instrument(model, { metrics });
  const seen: unknown[] = [];
  const values = new Set<unknown>();
  run.measurements.subscribe(({ name, attributes, value }) => {
    if (name !== 'sharpness.sam') return;
    seen.push(attributes.mode);
    values.add(value);
  });
  await model.trainOnBatch(x, y);
  await run.stop();
  const watched = weightsOf(model).slice(4, 6);
  expect(seen).toEqual([...modes]);
  expect(values.size).toBe(2);

  const alone = convBatchNormDropout();
  alone.model.compile({ optimizer: tf.train.sgd(0), loss: 'categoricalCrossentropy' });
  await alone.model.trainOnBatch(alone.x, alone.y);
  expect(weightsOf(alone.model).slice(4, 6)).toEqual(watched);
});

test('tensorflow/tfjs#984: logs are changed under the callbacks; here they hear the very numbers they hear unwatched', async () => {
  const heard = async (watched: boolean) => {
    const { model, x, y } = compiled();
    const run = watched ? instrument(model, { metrics: [[sharpstream.gradientNorm(), every(1)]] }) : undefined;
    run?.measurements.subscribe();
    const logs: unknown[] = [];
    const callbacks = {
      onEpochEnd: async (_: number, epoch?: object) => void logs.push({ ...epoch }),
      onBatchEnd: async (_: number, batch?: object) => void logs.push({ ...batch }),
    };
    await model.fit(x, y, { batchSize: 8, epochs: 2, shuffle: false, verbose: 0, callbacks });
    await run?.stop();
    return logs;
  };
  expect(await heard(true)).toEqual(await heard(false));
});

describe('tensorflow/tfjs#5690, #8277: einsum has no gradient;', () => {
  const attempt = (watched: boolean): string => {
    const w = tf.variable(tf.ones([2, 2]));
    const optimizer = tf.train.sgd(0.1);
    if (watched) instrument(optimizer, { interventions: [sam()] });
    try {
      optimizer.minimize(() => tf.sum(tf.einsum('ij,jk->ik', w, w)) as tf.Scalar, false, [w]);
      return 'trained';
    } catch (error) {
      return (error as Error).message;
    }
  };
  test('a loop on it says under a run what it says without one', () => {
    expect(attempt(true)).toMatch(/gradient.*Einsum/);
    expect(attempt(true)).toBe(attempt(false));
  });
});

test('davda54/sam#31, #42; Lightning-AI/pytorch-lightning#17650: nothing of the trainer is replaced; fit returns its history as before', async () => {
  const history = async (watched: boolean) => {
    const { model, x, y } = compiled();
    const run = watched ? instrument(model, { metrics: [[sharpstream.featureRank(), every(2)]] }) : undefined;
    const { history, epoch, params } = await model.fit(x, y, {
      epochs: 3,
      shuffle: false,
      verbose: 0,
      validationSplit: 0.25,
    });
    await run?.stop();
    return { history, epoch, params };
  };
  expect(await history(true)).toEqual(await history(false));
});

test('a layer of the user, of a class of its own, is watched like any other', async () => {
  class Doubling extends layers.Layer {
    static className = 'Doubling';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.mul([inputs].flat()[0]!, 2);
    }
  }
  const { x, y } = mlp();
  const model = sequential({
    layers: [
      layers.dense({ inputShape: [6], units: 4, activation: 'tanh' }),
      new Doubling({}),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const probes = [
    sharpstream.topEigenvalue({ maxProducts: 2 }),
    sharpstream.featureRank(),
    sharpstream.nmeNorm({ samples: 2 }),
  ];
  const run = instrument(model, { metrics: probes.map((p) => [p, every(1)] as const) });
  const failures: string[] = [];
  run.failures.subscribe(({ error }) => failures.push(error.message));
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  await run.stop();
  expect(failures).toEqual([]);
});
