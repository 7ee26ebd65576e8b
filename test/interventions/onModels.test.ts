import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { every } from '../../src/core/every.js';
import type { Intervention } from '../../src/core/intervention.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { clipByGlobalNorm } from '../../src/interventions/clipByGlobalNorm.js';
import { confidencePenalty } from '../../src/interventions/confidencePenalty.js';
import { decoupledWeightDecay } from '../../src/interventions/decoupledWeightDecay.js';
import { gradientPenalty } from '../../src/interventions/gradientPenalty.js';
import { l1 } from '../../src/interventions/l1.js';
import { labelSmoothing } from '../../src/interventions/labelSmoothing.js';
import { sam } from '../../src/interventions/sam.js';
import { sometimes } from '../../src/interventions/sometimes.js';
import { spectral } from '../../src/interventions/spectral.js';
import { convBatchNormDropout, mlp, weightsOf } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** What three steps of `fit` leave of a model, with accuracy as a metric. */
async function fitted(make: typeof mlp, interventions: readonly Intervention[], more: layers.ModelFitArgs = {}) {
  const before = tf.memory().numTensors;
  const { model, x, y } = make();
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const run = instrument(model, { interventions, seed: 5 });
  const failures: unknown[] = [];
  run.failures.subscribe((failure) => failures.push(failure));
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 64, shuffle: false, verbose: 0, ...more });
  await run.stop();
  return { weights: weightsOf(model), history, failures, held: tf.memory().numTensors - before };
}

const distance = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flatMap((layer, i) => layer.map((w, k) => Math.abs(w - b[i]![k]!))));

test('accumulate trains a model without batch statistics as if it were not there, metrics included', async () => {
  const plain = await fitted(mlp, []);
  const parts = await fitted(mlp, [accumulate(5)]);
  expect(distance(parts.weights, plain.weights)).toBeLessThan(1e-6);
  expect(parts.history.acc).toEqual(plain.history.acc);
});

test('accumulate honours class weights', async () => {
  const classWeight = { 0: 3, 1: 0.5, 2: 1 };
  const plain = await fitted(mlp, [], { classWeight });
  const parts = await fitted(mlp, [accumulate(5)], { classWeight });
  expect(distance(parts.weights, plain.weights)).toBeLessThan(1e-6);
  expect(distance(parts.weights, (await fitted(mlp, [accumulate(5)])).weights)).toBeGreaterThan(1e-3);
});

test('accumulate moves the averages of batch normalization by the whole batch, once a step', async () => {
  const once = { epochs: 1 };
  const plain = await fitted(convBatchNormDropout, [], once);
  const parts = await fitted(convBatchNormDropout, [sam(), accumulate(4)], once);
  // Weights that do not train come last.
  expect(parts.weights.slice(-2)).toEqual(plain.weights.slice(-2));
  expect(plain.weights.slice(-2)).not.toEqual([Array(4).fill(0), Array(4).fill(1)]);
  expect(parts.history.acc).toEqual(plain.history.acc);
});

const all: readonly (readonly [string, () => Intervention[]])[] = [
  ['clipByGlobalNorm', () => [clipByGlobalNorm(0.1)]],
  ['accumulate', () => [accumulate(4)]],
  ['labelSmoothing', () => [labelSmoothing(0.1)]],
  ['confidencePenalty', () => [confidencePenalty(0.1)]],
  ['l1', () => [l1(0.01)]],
  ['spectral', () => [spectral(0.01)]],
  ['decoupledWeightDecay', () => [decoupledWeightDecay(0.1)]],
  ['gradientPenalty', () => [gradientPenalty(0.1)]],
  ['sometimes', () => [sometimes(every(2), sam({ rho: 0.5 }))]],
  [
    'all of them',
    () => [
      clipByGlobalNorm(1),
      sometimes(every(2), sam({ rho: 0.05 })),
      accumulate(2),
      gradientPenalty(0.1),
      labelSmoothing(0.1),
      confidencePenalty(0.1),
      l1(0.001),
      spectral(0.01),
      decoupledWeightDecay(0.1),
    ],
  ],
];

test.each(all)('%s changes the training of a Conv-BatchNorm-dropout model, and leaks nothing', async (_, make) => {
  const plain = await fitted(convBatchNormDropout, []);
  const first = await fitted(convBatchNormDropout, make());
  const again = await fitted(convBatchNormDropout, make());
  expect(first.held).toBe(plain.held);
  expect(first.failures).toEqual([]);
  expect(distance(first.weights, plain.weights)).toBeGreaterThan(1e-5);
  expect(again.weights).toEqual(first.weights);
  expect(
    Object.values(first.history)
      .flat()
      .every((v) => Number.isFinite(v)),
  ).toBe(true);
});
