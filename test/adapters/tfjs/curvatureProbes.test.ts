import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { instrument } from '../../../adapters/tfjs/instrument.js';
import type { Measurement, Probe } from '../../../src/index.js';
import { every, penaltyTopEigenvalue, penaltyTrace, sharpnessStability, topEigenvalue } from '../../../src/index.js';

/** A linear regression without bias on x = (2, 0), (0, 1): its loss is (4 (w₁ − …)² + (w₂ − …)²) / 2, with H = diag(4, 1). */
async function measured(
  optimizer: tf.Optimizer,
  probes: readonly Probe[],
  layer: Parameters<typeof tf.layers.dense>[0] = { units: 1 },
): Promise<Measurement[]> {
  const model = tf.sequential({ layers: [tf.layers.dense({ ...layer, useBias: false, inputShape: [2] })] });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const run = instrument(model, { metrics: probes.map((probe) => [probe, every(1)] as const) });
  const found: Measurement[] = [];
  run.measurements.subscribe((measurement) => found.push(measurement));
  run.failures.subscribe(({ error }) => {
    throw error;
  });
  await model.trainOnBatch(tf.tensor2d([[2, 0], [0, 1]]), tf.tensor2d([[1], [1]])); // biome-ignore format: a matrix
  await run.stop();
  return found;
}

const valueNamed = (found: readonly Measurement[], name: string) => found.find((m) => m.name === name)?.value;

test('fit tells how near SGD is to the edge of stability, and nothing of it for Adam', async () => {
  const probes = () => [topEigenvalue(), sharpnessStability()];
  const found = await measured(tf.train.sgd(0.3), probes());
  expect(valueNamed(found, 'hessian.top_eigenvalue')).toBeCloseTo(4, 4);
  expect(valueNamed(found, 'sharpness.stability')).toBeCloseTo((4 * 0.3) / 2, 4);
  const ofAdam = await measured(tf.train.adam(0.3), probes());
  expect(valueNamed(ofAdam, 'hessian.top_eigenvalue')).toBeCloseTo(4, 4);
  expect(valueNamed(ofAdam, 'sharpness.stability')).toBeUndefined();
});

test('the regularizer of a layer has its curvature beside that of the data: twice its coefficient in every weight', async () => {
  const probes = () => [topEigenvalue(), penaltyTopEigenvalue(), penaltyTrace({ samples: 2 })];
  const layer = { units: 1, kernelRegularizer: tf.regularizers.l2({ l2: 0.05 }) };
  const found = await measured(tf.train.sgd(0.1), probes(), layer);
  expect(valueNamed(found, 'hessian.top_eigenvalue')).toBeCloseTo(4, 4);
  expect(valueNamed(found, 'penalty_hessian.top_eigenvalue')).toBeCloseTo(0.1, 6);
  expect(valueNamed(found, 'penalty_hessian.trace')).toBeCloseTo(0.2, 6);
  const without = await measured(tf.train.sgd(0.1), probes());
  expect(without.map(({ name }) => name).filter((name) => name.startsWith('penalty_hessian'))).toEqual([]);
});
