import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { createRun } from '../../src/core/createRun.js';
import type { Objective } from '../../src/core/objective.js';
import type { Loop, RunCore, RunOptions, Streams } from '../../src/core/run.js';
import type { Probe } from '../../src/core/watching.js';

const loop: Loop = {
  info: { id: 'run', name: 'run', started: 0 },
  offers: { outputs: false, batch: false, features: false, activations: false, loop: 'a test', remedy: 'leave it out' },
  alerts: [],
  now: () => 0,
  within: (_, promise) => promise.then(() => true),
  unnoticed: (_, watch) => watch(),
};

/** A run and a training step of it, with nothing to train; as in any loop, it passes the run by if nobody watches. */
export function testRun(options: RunOptions = {}, given: Partial<Loop> = {}): { run: RunCore & Streams; step(): void } {
  const core = createRun({ reports: { due: () => false }, ...options }, { ...loop, ...given });
  const run = { ...core, ...core.streams };
  const objective = (step: number): Objective => ({ step, params: [], loss: () => tf.scalar(0) });
  const step = (): void => {
    if (run.active()) run.take(objective, ({ loss }) => ({ loss: loss(), grads: {} })).loss.dispose();
  };
  return { run, step };
}

/** A probe that finds one value after the other; it throws where there is none. */
export function reading(name: string, ...values: (number | undefined)[]): Probe {
  return {
    name: `probe of ${name}`,
    measures: [{ name, unit: '1' }],
    measure({ index }) {
      const value = values[index];
      if (value === undefined) throw new Error(`nothing at step ${index}`);
      return [{ name, value }];
    },
  };
}
