import type { Tensor } from '@tensorflow/tfjs-core';
import type { RunCore } from '../../src/core/run.js';

/**
 * A callback that tells the run of epochs, and the user's: the run is told first, so that one of theirs that takes
 * `run.state()` at the end of an epoch finds the epoch in it.
 *
 * tfjs takes instances of its callback class or plain objects, told apart by the first. An instance must have every
 * method; a plain object must not, since for each that it has tfjs reads all logs back, at every batch.
 */
export function withEpochs(callbacks: unknown, core: Pick<RunCore, 'beginEpoch' | 'epoch'>): unknown[] {
  const users = callbacks ? [callbacks].flat() : [];
  const epochs = {
    onEpochBegin: async (index: number) => core.beginEpoch(index),
    onEpochEnd: async (index: number, logs: Record<string, number | Tensor> = {}) => {
      const numbers = Object.entries(logs).map(([name, v]) => [name, typeof v === 'number' ? v : v.dataSync()[0]!]);
      core.epoch({ index, logs: Object.fromEntries(numbers) });
    },
  };
  if (!isInstance(users[0])) return [epochs, ...users];
  return [Object.assign(Object.create(Object.getPrototypeOf(users[0])), nothing, epochs), ...users];
}

const isInstance = (callback: unknown): callback is object =>
  typeof (callback as { setParams?: unknown } | null | undefined)?.setParams === 'function';

const idle = async (): Promise<void> => {};

const nothing = {
  setParams: idle,
  setModel: idle,
  onTrainBegin: idle,
  onTrainEnd: idle,
  onBatchBegin: idle,
  onBatchEnd: idle,
};
