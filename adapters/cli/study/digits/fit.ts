import { gather, type Tensor, tensor1d, tidy, train } from '@tensorflow/tfjs-core';
import { cosine } from '../../../../src/core/cosine.js';
import { every } from '../../../../src/core/every.js';
import type { Batch, Objective } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import type { Sink } from '../../../../src/core/watching.js';
import { instrument } from '../../../tfjs/instrument.js';
import type { InstrumentOptions } from '../../../tfjs/types.js';
import { shuffled } from '../../data/shuffled.js';

/** How a network is trained. */
export interface FitOptions extends Required<Pick<InstrumentOptions, 'interventions' | 'offers' | 'metrics'>> {
  /** At the first step. */
  readonly learningRate: number;
  readonly epochs: number;
  /** Examples a step; they part the data evenly. */
  readonly batchSize: number;
  /** Of the order of the examples, and of what interventions draw. */
  readonly seed: number;
  /** Where it streams to, with the metrics; if nowhere, nothing is measured. */
  readonly sinks: readonly Sink[];
}

const MOMENTUM = 0.9;

/** Trains by momentum, its learning rate falling to 0 along half a cosine, on batches shuffled anew each epoch. */
export function fit(on: (batch: Batch) => Objective, data: Batch, options: FitOptions): void {
  const { interventions, offers, metrics, learningRate, epochs, batchSize, seed, sinks } = options;
  const count = (data.x as Tensor).shape[0]!;
  const rate = cosine({ from: learningRate, steps: (epochs * count) / batchSize });
  // A stream of its own: streams 0 and 1 of a seed draw the digits and what is wrong of them, 2 the weights.
  const draw = random(seed, 3);
  const optimizer = train.momentum(learningRate, MOMENTUM);
  const watched = sinks.length > 0 && { sinks, metrics, reports: every(5) };
  const run = instrument(optimizer, { seed, interventions, offers, ...watched });
  try {
    for (let epoch = 0, step = 0; epoch < epochs; epoch++) {
      const order = shuffled(count, draw);
      for (let begin = 0; begin < count; begin += batchSize, step++) {
        optimizer.setLearningRate(rate(step));
        tidy(() => run.minimize(on(rows(data, order.subarray(begin, begin + batchSize)))));
      }
    }
  } finally {
    void run.stop();
    optimizer.dispose();
  }
}

function rows({ x, y }: Batch, which: Uint32Array): Batch {
  const index = tensor1d(Int32Array.from(which), 'int32');
  return { x: gather(x as Tensor, index), y: gather(y as Tensor, index) };
}
