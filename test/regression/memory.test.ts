import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type InstrumentOptions, instrument } from '../../adapters/tfjs/index.js';
import * as sharpstream from '../../src/index.js';
import { convBatchNormDropout, mlp } from '../models.js';

const { every, sam } = sharpstream;

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const everything: InstrumentOptions = {
  interventions: [sam({ rho: 0.05 })],
  metrics: [
    sharpstream.gradientNorm(),
    sharpstream.featureRank(),
    sharpstream.topEigenvalue({ maxProducts: 2 }),
    sharpstream.nmeNorm({ samples: 2 }),
    sharpstream.samSharpness(),
  ].map((probe) => [probe, every(20)] as const),
  sinks: [{ name: 'nowhere', write() {} }],
};

test('tensorflow/tfjs#200, #481, #1167: tensors pile up in fit; here 500 watched batches leave none', async () => {
  const { model, x, y } = mlp();
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const run = instrument(model, everything);
  const counts: number[] = [];
  const onEpochEnd = async () => void counts.push(tf.memory().numTensors);
  await model.fit(x, y, { batchSize: 6, epochs: 125, verbose: 0, callbacks: { onEpochEnd } });
  await run.stop();
  expect(new Set(counts).size).toBe(1);
});

test('tensorflow/tfjs#2204, #5980, #7983, #8326: tensors pile up in hand-written loops; here a step keeps what it keeps unwatched', () => {
  const { model, x, y } = convBatchNormDropout();
  const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const loss = () => tf.losses.logLoss(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
  const optimizer = tf.train.adam(0.01);
  optimizer.minimize(loss, false, params);
  const { metrics } = everything;
  instrument(optimizer, { ...everything, metrics: [metrics![0]!, metrics![2]!, metrics![4]!] });
  optimizer.minimize(loss, false, params);
  const { numTensors, numBytes } = tf.memory();
  for (let i = 0; i < 20; i++) optimizer.minimize(loss, false, params);
  expect(tf.memory()).toMatchObject({ numTensors, numBytes });
});

test('a loop under no tf.tidy at all leaves only what it holds in its hands', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const optimizer = tf.train.sgd(0.1);
  const run = instrument(optimizer, everything.interventions ? { interventions: everything.interventions } : {});
  const objective = { params: [w], loss: () => tf.sum(tf.square(w)) as tf.Scalar };
  const before = tf.memory().numTensors;
  const { value, grads } = run.gradients(objective);
  const cost = run.minimize(objective);
  expect(tf.memory().numTensors - before).toBe(3);
  tf.dispose([value, grads, cost]);
  expect(tf.memory().numTensors).toBe(before);
});

test('a thousand runs started and stopped on one model leave nothing on it', async () => {
  const { model } = mlp();
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const before = tf.memory().numTensors;
  for (let i = 0; i < 1000; i++) await instrument(model, everything).stop();
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.getOwnPropertyNames(model.optimizer)).not.toContain('computeGradients');
});

describe('f-dangel/cockpit#5, #6: two quantities together crash; here', () => {
  const probes: Readonly<Record<string, () => sharpstream.Probe>> = {
    gradientNorm: () => sharpstream.gradientNorm(),
    featureRank: () => sharpstream.featureRank(),
    topEigenvalue: () => sharpstream.topEigenvalue({ tolerance: 1e-5 }),
    hessianTrace: () => sharpstream.hessianTrace({ samples: 'exact' }),
    gaussNewtonTrace: () => sharpstream.gaussNewtonTrace({ samples: 'exact', mode: 'training' }),
    nmeTrace: () => sharpstream.nmeTrace({ samples: 'exact' }),
    nmeNorm: () => sharpstream.nmeNorm({ samples: 'exact' }),
    samSharpness: () => sharpstream.samSharpness(),
  };
  const names = Object.keys(probes);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));

  test.each(pairs)('%s and %s measure in one step what each measures alone', async (a, b) => {
    const alone = new Map([...(await measured([probes[a]!()])), ...(await measured([probes[b]!()]))]);
    const together = await measured([probes[a]!(), probes[b]!()]);
    expect([...together.keys()].sort()).toEqual([...alone.keys()].sort());
    for (const [name, value] of together) expect(value, name).toBeCloseTo(alone.get(name)!, 4);
  });
});

/** What probes found at one step, by name and layer, on a network so small that nothing need be estimated. */
async function measured(probes: readonly sharpstream.Probe[]): Promise<Map<string, number>> {
  const { x, y } = mlp();
  const hidden = layers.dense({
    inputShape: [6],
    units: 2,
    activation: 'tanh',
    kernelInitializer: 'ones',
    name: 'hidden',
  });
  const model = sequential({
    layers: [hidden, layers.dense({ units: 3, activation: 'softmax', kernelInitializer: 'ones' })],
  });
  model.compile({ optimizer: tf.train.sgd(0), loss: 'categoricalCrossentropy' });
  const run = instrument(model, { metrics: probes.map((probe) => [probe, every(1)] as const), seed: 3 });
  const found = new Map<string, number>();
  const names = new Set(probes.flatMap(({ measures }) => measures.map(({ name }) => name)));
  const failures: string[] = [];
  run.failures.subscribe(({ error }) => failures.push(error.message));
  run.measurements.subscribe(({ name, value, attributes }) => {
    // How far the search for an eigenvalue went is its own affair.
    if (names.has(name) && !name.endsWith('residual')) found.set(`${name} ${attributes.layer ?? ''}`, value as number);
  });
  await model.trainOnBatch(x, y);
  await run.stop();
  expect(failures).toEqual([]);
  return found;
}

test('CalculatedContent/WeightWatcher#15, #322, #303: layers are left out without a word; here an LSTM and a tiny layer are measured', async () => {
  const { x, y } = mlp();
  const model = sequential({
    layers: [
      layers.reshape({ inputShape: [6], targetShape: [3, 2] }),
      layers.lstm({ units: 2, name: 'recurrent', recurrentInitializer: 'glorotNormal' }),
      layers.dense({ units: 1, name: 'tiny' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const run = instrument(model, { metrics: [[sharpstream.featureRank(), every(1)]] });
  const seen = new Set<unknown>();
  run.measurements.subscribe(({ name, attributes }) => name === 'features.rank' && seen.add(attributes.layer));
  await model.trainOnBatch(x, y);
  await run.stop();
  expect([...seen]).toEqual(['recurrent', 'tiny']);
});
