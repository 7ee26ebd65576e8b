import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type InstrumentOptions, instrument } from '../../../adapters/tfjs/index.js';
import { every } from '../../../src/core/every.js';
import { random } from '../../../src/core/random.js';
import type { Probe } from '../../../src/core/types.js';
import { convBatchNormDropout, weightsOf } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** Trains 20 steps of five batches, and tells the weights, what fit logged, the next draw and the tensors left. */
async function train(options?: InstrumentOptions) {
  const { model, x, y } = convBatchNormDropout();
  const failures: string[] = [];
  return withRandomAsync(random(7), async () => {
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0 }); // Adam's slots are there from now on
    const run = options && instrument(model, options);
    run?.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { batchSize: 4, epochs: 5, verbose: 0 });
    await run?.stop();
    return { weights: weightsOf(model), history, draw: Math.random(), failures, left: tf.memory().numTensors - before };
  });
}

async function withRandomAsync<T>(draw: () => number, f: () => Promise<T>): Promise<T> {
  const original = Math.random;
  Math.random = draw;
  try {
    return await f();
  } finally {
    Math.random = original;
  }
}

const noisy: Probe = {
  name: 'noisy',
  measures: [{ name: 'noisy', unit: '1' }],
  measure({ objective, plain, params }) {
    plain();
    objective.loss();
    objective.outputs!();
    objective.withMode!('inference').loss();
    objective.withBatch!(objective.batch!).loss();
    objective.features!('hidden');
    const { value } = tf.variableGrads(objective.loss, [...params]);
    return [{ name: 'noisy', value: value.dataSync()[0]! + tf.randomNormal([1]).dataSync()[0]! }];
  },
};

test.each([
  ['nothing on', {}],
  ['the run telling its own numbers', { sinks: [{ name: 'none', write() {} }] }],
  ['a probe that evaluates everything at every step', { metrics: [[noisy, every(1)]] }],
] as [string, InstrumentOptions][])('training with %s is training unwatched, bit for bit', async (_, options) => {
  const unwatched = await train();
  expect(await train()).toEqual(unwatched);
  expect(await train(options)).toEqual(unwatched);
});
