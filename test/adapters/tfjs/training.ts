import * as tf from '@tensorflow/tfjs-core';
import * as data from '@tensorflow/tfjs-data';
import { type InstrumentOptions, instrument, type Run } from '../../../adapters/tfjs/index.js';
import { random } from '../../../src/core/random.js';
import type { Batch } from '../../../src/index.js';
import { weightsOf } from '../../models.js';
import type { Network } from './networks.js';

const BATCH = 4;

/** The ways in which tfjs trains a compiled model, over all rows in order, so many epochs. */
export const ways = {
  async fit({ model, x, y, classWeight }: Network, epochs: number) {
    await model.fit(x, y, {
      batchSize: BATCH,
      epochs,
      shuffle: false,
      verbose: 0,
      ...(classWeight && { classWeight }),
    });
  },
  async fitDataset({ model, x, y, classWeight }: Network, epochs: number) {
    const batches = batchesOf({ x, y }).map(({ x, y }) => ({ xs: x, ys: y }));
    const dataset = data.array(batches as never[]);
    await model.fitDataset(dataset, { epochs, verbose: 0, ...(classWeight && { classWeight }) });
    tf.dispose(batches as never);
  },
  async trainOnBatch({ model, x, y }: Network, epochs: number) {
    const batches = batchesOf({ x, y });
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const { x, y } of batches) await model.trainOnBatch(x as tf.Tensor, y as tf.Tensor);
    }
    tf.dispose(batches as never);
  },
};
export type Way = keyof typeof ways;

function batchesOf({ x, y }: Pick<Network, 'x' | 'y'>): Batch[] {
  const rows = [x].flat()[0]!.shape[0]!;
  const part = (t: tf.Tensor | tf.Tensor[], from: number): tf.Tensor | tf.Tensor[] =>
    Array.isArray(t) ? t.map((u) => part(u, from) as tf.Tensor) : tf.slice(t, from, BATCH);
  return Array.from({ length: rows / BATCH }, (_, i) => ({ x: part(x, i * BATCH), y: part(y, i * BATCH) }));
}

/** All that could tell one training from another. */
export interface Told {
  readonly weights: number[][];
  /** Tensors that are left when the run is over. */
  readonly left: number;
  /** The next number of the user's random stream. */
  readonly draw: number;
  readonly failures: string[];
  readonly losses: number[];
}

/** Trains a network, watched or not, after one epoch that makes what an optimizer keeps, and tells what came of it. */
export async function told(
  network: Network,
  train: (network: Network) => Promise<void>,
  options?: InstrumentOptions,
  watch: (run: Run) => void = () => {},
): Promise<Told> {
  const failures: string[] = [];
  const losses: number[] = [];
  const draw = Math.random;
  Math.random = random(7);
  try {
    await train(network);
    const before = tf.memory().numTensors;
    const run = options && instrument(network.model, options);
    if (run) {
      run.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
      if (options.metrics)
        run.measurements.subscribe(({ name, value }) => name === 'train.loss' && losses.push(value as number));
      watch(run);
    }
    await train(network);
    await run?.stop();
    const left = tf.memory().numTensors - before;
    return { weights: weightsOf(network.model), left, draw: Math.random(), failures, losses };
  } finally {
    Math.random = draw;
  }
}
