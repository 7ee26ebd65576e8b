import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type ModelFitArgs, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { every } from '../../src/core/every.js';
import type { Intervention } from '../../src/core/intervention.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { clipByGlobalNorm } from '../../src/interventions/clipByGlobalNorm.js';
import { confidencePenalty } from '../../src/interventions/confidencePenalty.js';
import { decoupledWeightDecay } from '../../src/interventions/decoupledWeightDecay.js';
import { gaussNewtonTracePenalty } from '../../src/interventions/gaussNewtonTracePenalty.js';
import { gradientPenalty } from '../../src/interventions/gradientPenalty.js';
import { gsam } from '../../src/interventions/gsam.js';
import { hessianTracePenalty } from '../../src/interventions/hessianTracePenalty.js';
import { l1 } from '../../src/interventions/l1.js';
import { labelSmoothing } from '../../src/interventions/labelSmoothing.js';
import { lookSam } from '../../src/interventions/lookSam.js';
import { microBatch } from '../../src/interventions/microBatch.js';
import { sam } from '../../src/interventions/sam.js';
import { sometimes } from '../../src/interventions/sometimes.js';
import { spectral } from '../../src/interventions/spectral.js';
import { numbers } from '../conformance/objectiveOf.js';
import { convBatchNormDropout, mlp, weightsOf } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** What three steps of `fit` leave of a model, with accuracy as a metric. */
async function fitted(make: typeof mlp, interventions: readonly Intervention[], more: ModelFitArgs = {}) {
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

test('sam on a fraction meets, in its ascent, the dropout masks that the whole batch will have', async () => {
  const model = sequential({
    layers: [
      layers.dropout({ inputShape: [6], rate: 0.5, name: 'drop' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const masks: { readonly part: number[]; readonly whole: number[] }[] = [];
  const spy: Intervention = (next) => (objective) => {
    const part = microBatch('spy', objective, 1 / 4).features!(['drop'])[0];
    const result = next(objective);
    const whole = tf.slice(objective.features!(['drop'])[0]!, 0, 4);
    masks.push({ part: numbers(part), whole: numbers(whole) });
    return result;
  };
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const run = instrument(model, { interventions: [spy] });
  await model.fit(tf.ones([16, 6]), tf.ones([16, 3]), { epochs: 2, batchSize: 16, shuffle: false, verbose: 0 });
  await run.stop();
  for (const { part, whole } of masks) {
    expect(part).toEqual(whole);
    expect(new Set(part)).toEqual(new Set([0, 2]));
  }
  expect(masks[0]!.part).not.toEqual(masks[1]!.part);
});

test('sam on a fraction moves the averages of batch normalization once, by the whole batch', async () => {
  const plain = await fitted(convBatchNormDropout, [], { epochs: 1 });
  // What is moved lies behind the normalization.
  const behind = sam({ ascentFraction: 1 / 4, only: ({ name }) => name.includes('head') });
  const part = await fitted(convBatchNormDropout, [behind], { epochs: 1 });
  expect(part.weights.slice(-2)).toEqual(plain.weights.slice(-2));
  expect(distance(part.weights, plain.weights)).toBeGreaterThan(1e-5);
});

test('sam on a fraction, around accumulate, shows the whole batch to the model all the same', async () => {
  const plain = await fitted(convBatchNormDropout, [], { epochs: 1 });
  const behind = sam({ ascentFraction: 1 / 2, only: ({ name }) => name.includes('head') });
  const parts = await fitted(convBatchNormDropout, [behind, accumulate(4)], { epochs: 1 });
  expect(parts.weights.slice(-2)).toEqual(plain.weights.slice(-2));
  expect(parts.history.acc).toHaveLength(1);
});

const still: readonly (readonly [string, () => Intervention])[] = [
  ['sam', () => sam({ rho: 0 })],
  ['sam in groups, on a fraction', () => sam({ rho: 0, m: 4, ascentFraction: 1 / 4 })],
  ['gsam', () => gsam({ rho: 0 })],
  ['lookSam', () => lookSam({ rho: 0 })],
];

test.each(still)('%s with ρ = 0 trains as if it were not there, bit for bit', async (_, make) => {
  const plain = await fitted(convBatchNormDropout, []);
  const { weights, history, held } = await fitted(convBatchNormDropout, [make()]);
  expect(weights).toEqual(plain.weights);
  expect(history).toEqual(plain.history);
  expect(held).toBe(plain.held);
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
  ['gradientPenalty with G', () => [gradientPenalty(0.1, { matrix: 'gauss-newton' })]],
  ['gradientPenalty with flat activations', () => [gradientPenalty(0.1, { matrix: 'flat-activations' })]],
  ['hessianTracePenalty', () => [hessianTracePenalty(0.01)]],
  ['gaussNewtonTracePenalty in parts', () => [accumulate(2), gaussNewtonTracePenalty(0.01)]],
  ['sam in groups', () => [sam({ rho: 0.5, m: 5 })]],
  ['sam on a fraction', () => [sam({ rho: 0.5, ascentFraction: 1 / 4 })]],
  ['gsam', () => [gsam({ rho: 0.5 })]],
  ['lookSam', () => [lookSam({ rho: 0.5, interval: 2 })]],
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
