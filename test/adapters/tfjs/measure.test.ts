import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { measure } from '../../../adapters/tfjs/index.js';
import { featureRank } from '../../../src/metrics/featureRank.js';
import { gradientNorm } from '../../../src/metrics/gradientNorm.js';
import { hessianTrace } from '../../../src/metrics/hessianTrace.js';
import { samSharpness } from '../../../src/metrics/samSharpness.js';
import { topEigenvalue } from '../../../src/metrics/topEigenvalue.js';

beforeAll(() => tf.setBackend('cpu'));

/** L = mean (w x − y)² for x = (1, 2, 3), y = 0 and w = 2: L = 56/3, L' = 56/3, L'' = 28/3. */
function line(): { model: LayersModel; on: { x: tf.Tensor; y: tf.Tensor } } {
  const model = sequential({ layers: [layers.dense({ inputShape: [1], units: 1, useBias: false })] });
  model.setWeights([tf.tensor2d([[2]])]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return { model, on: { x: tf.tensor2d([[1], [2], [3]]), y: tf.zeros([3, 1]) } };
}

test('a model is measured where it stands', () => {
  const { model, on } = line();
  const metrics = [gradientNorm(), topEigenvalue(), hessianTrace({ samples: 'exact' }), samSharpness({ rho: 0.5 })];
  const { measurements, failures } = measure(model, { on, metrics });
  expect(failures).toEqual([]);
  const value = (name: string) => measurements.find((m) => m.name === name)!.value as number;
  expect(value('gradient.norm')).toBeCloseTo(56 / 3, 4);
  expect(value('hessian.top_eigenvalue')).toBeCloseTo(28 / 3, 4);
  expect(value('hessian.trace')).toBeCloseTo(28 / 3, 4);
  expect(value('sharpness.sam')).toBeCloseTo((14 / 3) * (2.5 ** 2 - 2 ** 2), 4);
});

test('a model that TensorFlow.js cannot train is measured, and the check says that its gradient is ours alone', () => {
  const model = sequential({
    layers: [layers.dense({ inputShape: [1], units: 1, useBias: false }), layers.thresholdedReLU({ theta: 1 })],
  });
  model.setWeights([tf.tensor2d([[2]])]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const { measurements, failures } = measure(model, { on: line().on, metrics: [topEigenvalue()] });
  expect(failures).toEqual([]);
  const found = (name: string) => measurements.find((m) => m.name === name)!;
  // All of w x lies above the threshold, where the layer is the identity.
  expect(found('hessian.top_eigenvalue').value).toBeCloseTo(28 / 3, 4);
  expect(found('curvature.self_check').attributes.verdict).toBe('agrees');
  expect(found('gradient.self_check').attributes.verdict).toBe('untrainable');
});

test('in batches several directions share one recording of each, and cost what they take', () => {
  const { model, on } = line();
  const metrics = [topEigenvalue(), hessianTrace({ samples: 10 })];
  const { measurements } = measure(model, { on, metrics, batchSize: 2 });
  const { value, cost } = measurements.find(({ name }) => name === 'hessian.trace')!;
  expect(value).toBeCloseTo(28 / 3, 4);
  // 8 and 2 directions: two recordings, and 8/3 gradients for each direction.
  expect(cost!.gradients).toBeCloseTo(2 + (10 * 8) / 3, 6);
});

/** Batch normalization and dropout: what a forward pass in training mode moves, and draws. */
function noisy(): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({ inputShape: [3], units: 4, name: 'hidden' }),
      layers.batchNormalization({}),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

test.each(['inference', 'training'] as const)('measuring in %s mode leaves no trace, and repeats', (mode) => {
  const model = noisy();
  const on = { x: tf.randomNormal([8, 3], 0, 1, 'float32', 1), y: tf.oneHot([0, 1, 0, 1, 0, 1, 0, 1], 2) };
  const metrics = () => [
    gradientNorm(),
    topEigenvalue({ mode }),
    hessianTrace({ mode, samples: 4 }),
    featureRank({ mode }),
  ];
  const weights = () => model.getWeights().map((w) => [...w.dataSync()]);
  const random = Math.random;
  let draws = 0;
  Math.random = () => {
    draws++;
    return random();
  };
  try {
    measure(model, { on, metrics: metrics(), mode });
    const [before, tensors] = [weights(), tf.memory().numTensors];
    const [first, again] = [0, 1].map(() => measure(model, { on, metrics: metrics(), mode, seed: 2 }));
    expect(tf.memory().numTensors).toBe(tensors);
    expect(weights()).toEqual(before);
    expect(draws).toBe(0);
    const values = (found = first!) => found.measurements.map(({ name, value }) => [name, value]);
    expect(values(again)).toEqual(values());
    expect(first!.failures).toEqual([]);
  } finally {
    Math.random = random;
  }
});

test('the gradient is taken in the mode asked for', () => {
  const model = noisy();
  const on = { x: tf.randomNormal([8, 3], 0, 1, 'float32', 1), y: tf.oneHot([0, 1, 0, 1, 0, 1, 0, 1], 2) };
  const norm = (mode: 'inference' | 'training') =>
    measure(model, { on, metrics: [gradientNorm()], mode }).measurements[0]!.value;
  expect(norm('training')).not.toBe(norm('inference'));
});

test('a model that is not compiled has no loss', () => {
  const model = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });
  expect(() => measure(model, { on: line().on, metrics: [gradientNorm()] })).toThrow(
    'the model is not compiled; call model.compile({ optimizer, loss }) first',
  );
});

test('data that do not fit the model are refused', () => {
  const { model } = line();
  const on = { x: tf.zeros([3, 2]), y: tf.zeros([3, 1]) };
  expect(() => measure(model, { on, metrics: [] })).toThrow('measure: on.x must have the shape [batch, 1], got [3, 2]');
});
