import { gather, type Optimizer, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { every } from '../../../../src/core/every.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Batch, Objective } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import type { Sink } from '../../../../src/core/watching.js';
import { instrument } from '../../../tfjs/instrument.js';
import type { Run } from '../../../tfjs/types.js';
import { shuffled } from '../../data/shuffled.js';

/** What is trained, on what, and how. */
export interface TrainingOptions {
  /** What a step minimises on a batch. */
  readonly on: (batch: Batch) => Objective;
  readonly examples: Batch;
  readonly batchSize: number;
  /** Given up to the training, which ends it. */
  readonly optimizer: Optimizer;
  readonly interventions: readonly Intervention[];
  /** Of the batches and of dropout, which are the same whatever the interventions. */
  readonly seed: number;
  readonly sinks: readonly Sink[];
}

/** Training that can be halted and gone on with. */
export interface Training extends Pick<Run, 'measurements'> {
  go(steps: number): void;
  end(): void;
}

/** Trains on batches, all of one size, from one shuffling of the examples after the other. */
export function openTraining(options: TrainingOptions): Training {
  const { on, examples, batchSize, optimizer, seed, ...hooks } = options;
  const run = instrument(optimizer, { ...hooks, seed, reports: every(5), offers: ['outputs', 'batch'] });
  const next = batches(examples, batchSize, random(seed, 1));
  return {
    measurements: run.measurements,
    go(steps) {
      for (let step = 0; step < steps; step++) tidy(() => run.minimize(on(next())));
    },
    end() {
      void run.stop();
      optimizer.dispose();
    },
  };
}

function batches({ x, y }: Batch, size: number, draw: () => number): () => Batch {
  const count = (x as Tensor).shape[0]!;
  const left: number[] = [];
  return () => {
    while (left.length < size) left.push(...shuffled(count, draw));
    const rows = tensor1d(left.splice(0, size), 'int32');
    return { x: gather(x as Tensor, rows), y: gather(y as Tensor, rows) };
  };
}
