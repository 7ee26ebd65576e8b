import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import type { InstrumentOptions, Run } from '../../../adapters/tfjs/index.js';
import * as sharpstream from '../../../src/index.js';
import { type NetworkName, network, networkNames } from './networks.js';
import { type Told, told, type Way, ways } from './training.js';

const { every, sam } = sharpstream;

/** One probe of each kind that evaluates the network in its own way. */
const metrics = [
  sharpstream.gradientNorm(),
  sharpstream.featureRank(),
  sharpstream.topEigenvalue({ maxProducts: 2 }),
  sharpstream.nmeNorm({ samples: 2, mode: 'training' }),
  sharpstream.samSharpness(),
].map((p) => [p, every(1)] as const);
const perturbed = { interventions: [sam({ rho: 0.1 })] };
const waysOf = Object.keys(ways) as Way[];
const STEPS = 4;

/** Trains that network in that way, two batches an epoch. */
function train(name: NetworkName, way: Way, options?: InstrumentOptions, watch?: (run: Run) => void): Promise<Told> {
  const made = network(name);
  made.model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: made.loss!, metrics: made.metrics ?? [] });
  return told(made, (net) => ways[way](net, STEPS / 2), options, watch);
}

async function expectNeutral(name: NetworkName, way: Way): Promise<void> {
  const unwatched = await train(name, way);
  expect(await train(name, way, {})).toEqual(unwatched);
  const watched = await train(name, way, { metrics });
  expect(watched.losses).toHaveLength(STEPS);
  expect({ ...watched, losses: [] }).toEqual(unwatched);
}

describe.each(networkNames)('on cpu, with %s,', (name) => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each(waysOf)('%s trains the same bit for bit with nothing on and with probes on', (way) =>
    expectNeutral(name, way),
  );

  test('fit under sam is the same with probes and without, and leaves no tensor', async () => {
    const unwatched = await train(name, 'fit');
    const alone = await train(name, 'fit', perturbed);
    const watched = await train(name, 'fit', { ...perturbed, metrics });
    expect({ ...watched, losses: [] }).toEqual(alone);
    expect({ ...alone, weights: [] }).toEqual({ ...unwatched, weights: [] });
    expect(alone.weights).not.toEqual(unwatched.weights);
  });

  test('fit, fitDataset and trainOnBatch under sam end in the same weights', async () => {
    const { weights } = await train(name, 'fit', perturbed);
    expect((await train(name, 'fitDataset', perturbed)).weights).toEqual(weights);
    // trainOnBatch of tfjs takes no class weights.
    if (name !== 'class weights') expect((await train(name, 'trainOnBatch', perturbed)).weights).toEqual(weights);
  });

  test('an objective evaluated again is the loss of the step, bit for bit, and its outputs and penalty add up to it', async () => {
    const seen: [number, number, number][] = [];
    const { failures } = await train(name, 'fit', {}, (run) =>
      run.steps.subscribe(({ objective, applied }) => {
        const { outputs, outputLoss, penalty, loss } = objective;
        const parts = tf.add(outputLoss!(outputs!()), penalty?.() ?? 0);
        seen.push([applied.loss, loss(), parts].map((t) => t.dataSync()[0]!) as [number, number, number]);
      }),
    );
    expect(failures).toEqual([]);
    expect(seen).toHaveLength(STEPS);
    for (const [applied, again, parts] of seen) {
      expect(again).toBe(applied);
      expect(Math.abs(parts - applied) / applied).toBeLessThan(1e-5);
    }
  });

  test('an intervention that asks for outputs first trains on the loss of fit, and leaves no tensor', async () => {
    const outputsFirst: sharpstream.Intervention = (next) => (objective) => {
      const { outputs, outputLoss, penalty } = objective;
      const loss = () => tf.add(outputLoss!(outputs!()), penalty?.() ?? 0) as tf.Scalar;
      return next({ ...objective, loss });
    };
    const [plain, changed] = [await train(name, 'fit'), await train(name, 'fit', { interventions: [outputsFirst] })];
    expect({ ...changed, weights: [] }).toEqual({ ...plain, weights: [] });
    const [expected, found] = [plain.weights.flat(), changed.weights.flat()];
    found.forEach((w, i) => expect(Math.abs(w - expected[i]!)).toBeLessThan(1e-4));
  });
});

describe('on wasm,', () => {
  let undo = (): void => {};
  beforeAll(async () => {
    undo = repairWasm();
    await tf.setBackend('wasm');
  });
  afterAll(() => undo());

  test.each([
    'convolution, batch normalization, dropout and a penalty',
    'two inputs and two outputs, losses as a list',
    'a stateful GRU with dropout in a nested model',
  ] as const)('with %s, training is the same bit for bit with nothing on and with probes on', (name) =>
    expectNeutral(name, 'fit'),
  );
});
