import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import {
  type Attributes,
  every,
  featureRank,
  gradientNorm,
  nmeNorm,
  nmeTrace,
  type Sink,
  sam,
  topEigenvalue,
} from 'sharpstream';
import { instrument } from 'sharpstream/tfjs';
import type { Values } from '../reference/readGolden.js';

/** Networks of the golden files, as people write them. */
const NETWORKS = {
  'mlp-tanh': () => [
    layers.dense({ inputShape: [6], units: 8, activation: 'tanh', name: 'hidden1' }),
    layers.dense({ units: 6, activation: 'tanh', name: 'hidden2' }),
    layers.dense({ units: 4, activation: 'softmax', name: 'logits' }),
  ],
  'conv-max-pool': () => [
    layers.conv2d({ ...CONVOLUTION, inputShape: [6, 6, 2], name: 'conv' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax', name: 'logits' }),
  ],
};

const CONVOLUTION = { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' } as const;

export type NetworkName = keyof typeof NETWORKS;

/** The weights of a network and its batch. */
export interface Data {
  readonly x: Values;
  readonly y: Values;
  readonly params: Readonly<Record<string, Values>>;
}

/** What came of it, as plain values that can leave a page. */
export interface Trained {
  readonly backend: string;
  /** As the run's own subscriber saw them. */
  readonly measurements: readonly Told[];
  readonly failures: readonly string[];
  /** All weights after the first step, one after the other. */
  readonly firstStep: readonly number[];
  readonly lastLoss: number;
  /** Tensors left over. */
  readonly leaked: number;
}

export interface Told {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  readonly attributes: Attributes;
}

export const STEPS = 12;
export const RHO = 0.05;
export const LEARNING_RATE = 0.1;

/** Trains under SAM and measures as a user would: the same in a page and on Node. */
export async function train(network: NetworkName, data: Data, name: string, sinks: readonly Sink[]): Promise<Trained> {
  const before = tf.memory().numTensors;
  const { x, y, params } = data;
  const [xs, ys, ...weights] = [x, y, ...Object.values(params)].map(({ values, shape }) => tf.tensor(values, shape));
  const optimizer = tf.train.sgd(LEARNING_RATE);
  const model = sequential({ layers: NETWORKS[network]() });
  model.setWeights(weights);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });

  const run = instrument(model, {
    name,
    interventions: [sam({ rho: RHO })],
    metrics: [
      [topEigenvalue({ tolerance: 1e-4 }), every(6)],
      [featureRank(), every(6)],
      [nmeTrace({ samples: 'exact' }), every(STEPS)],
      [nmeNorm({ samples: 'exact' }), every(STEPS)],
      [gradientNorm(), every(1)],
    ],
    sinks,
    seed: 1,
  });
  const measurements: Told[] = [];
  const failures: string[] = [];
  run.measurements.subscribe(({ name, step, value, attributes }) => {
    if (typeof value === 'number') measurements.push({ name, step, value, attributes });
  });
  run.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));

  const firstLoss = await model.trainOnBatch(xs!, ys!);
  const firstStep = numbersOf(model);
  let lastLoss = firstLoss;
  for (let step = 1; step < STEPS; step++) lastLoss = await model.trainOnBatch(xs!, ys!);
  await run.stop();
  tf.dispose([xs!, ys!, ...weights]);
  model.dispose();
  optimizer.dispose();
  const leaked = tf.memory().numTensors - before;
  return { backend: tf.getBackend(), measurements, failures, firstStep, lastLoss: lastLoss as number, leaked };
}

const numbersOf = (model: LayersModel): number[] => model.getWeights().flatMap((weight) => [...weight.dataSync()]);
