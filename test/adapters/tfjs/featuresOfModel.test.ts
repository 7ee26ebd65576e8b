import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { instrument, measure } from '../../../adapters/tfjs/index.js';
import type { Measurement, Points, Probe } from '../../../src/index.js';
import { every, featureRank, featureSingularValues, knnError, probeSet, unitActivity } from '../../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** x + x K on the four unit vectors, K = u uᵀ − 1, u = (½, ½, ½, ½): the branch has rank 3, and the sum is u uᵀ. */
function residualBlock(): { model: LayersModel; on: { x: tf.Tensor; y: tf.Tensor } } {
  const x = input({ shape: [4] });
  const branch = layers.dense({ units: 4, useBias: false, name: 'branch' }).apply(x) as SymbolicTensor;
  const sum = layers.add({ name: 'sum' }).apply([x, branch]) as SymbolicTensor;
  const scores = layers.dense({ units: 2, activation: 'softmax', name: 'scores' }).apply(sum) as SymbolicTensor;
  const made = model({ inputs: x, outputs: scores });
  made.getLayer('branch').setWeights([tf.sub(tf.fill([4, 4], 0.25), tf.eye(4))]);
  made.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  return { model: made, on: { x: tf.eye(4), y: tf.oneHot([0, 0, 1, 1], 2) } };
}

const found = (measurements: readonly Measurement[], name: string, layer: string) =>
  measurements.find((one) => one.name === name && one.attributes.layer === layer)!;

test('the features of a residual block are measured after the addition where its layer is named', () => {
  const { model, on } = residualBlock();
  const options = { layers: ['branch', 'sum'], centering: 'none' } as const;
  const { measurements, failures } = measure(model, {
    on,
    metrics: [featureRank(options), featureSingularValues(options)],
  });
  expect(failures).toEqual([]);
  expect(found(measurements, 'features.rank', 'branch').value).toBe(3);
  expect(found(measurements, 'features.rank', 'sum').value).toBe(1);
  const { y } = found(measurements, 'features.singular_values', 'sum').value as Points;
  [1, 0, 0, 0].forEach((s, i) => expect(y[i]).toBeCloseTo(s, 6));
});

test('a ReLU that is never on is dead, whatever it is before the activation', () => {
  const made = sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 3, activation: 'relu', name: 'hidden' }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  made.layers[0]!.setWeights([tf.tensor2d([[1, -1, 0], [1, -1, 0]]), tf.tensor1d([0, -1, 2])]); // biome-ignore format: a matrix
  made.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const on = { x: tf.tensor2d([[1, 2], [3, 0]]), y: tf.oneHot([0, 1], 2) }; // biome-ignore format: a matrix
  const { measurements } = measure(made, { on, metrics: [unitActivity()] });
  const value = (name: string) => found(measurements, name, 'hidden').value;
  expect(value('features.active_units')).toBe(2);
  expect(value('features.dead_units')).toBe(1);
  expect(value('features.density')).toBeCloseTo(2 / 3, 12);
});

test('in fit all features are of the same set at every step, drawn by a seed, whatever the batch', async () => {
  const { model } = residualBlock();
  const x = tf.randomNormal([60, 4], 0, 1, 'float32', 1);
  const y = tf.oneHot(tf.argMax(tf.slice(x, [0, 0], [-1, 2]), 1), 2);
  const [on, reference] = [1, 2].map((seed) => probeSet({ x, y }, { examples: 20, seed }));
  const probes: Probe[] = [featureRank({ on }), featureSingularValues({ on }), unitActivity({ on })];
  const run = instrument(model, {
    metrics: [...probes, knnError({ on, reference: reference! })].map((probe) => [probe, every(1)] as const),
  });
  const seen: Measurement[] = [];
  run.measurements.subscribe((one) => void (one.attributes.layer && seen.push(one)));
  await model.fit(x, y, { batchSize: 40, epochs: 1, verbose: 0 });
  await run.stop();
  // Two steps of 4, 1, 4 and 1 quantities of one layer.
  expect(seen).toHaveLength(20);
  expect(new Set(seen.map(({ attributes }) => attributes.examples))).toEqual(new Set([20]));
});
