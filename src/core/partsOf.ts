import { slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Objective, Part } from './objective.js';
import { required } from './required.js';
import { rowsOf } from './rowsOf.js';

/**
 * An objective on n parts of its batch, as equal as can be; a batch of fewer examples gives one part an example.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function partsOf(who: string, objective: Objective, n: number): readonly Part[] {
  if (n === 1) return [{ objective, examples: 1 }];
  const { batch, withBatch } = required(who, objective, 'batch', 'withBatch');
  const rows = rowsOf(batch);
  const count = Math.max(1, Math.min(n, rows));
  const start = (i: number): number => Math.floor((i * rows) / count);
  return Array.from({ length: count }, (_, i) => {
    const [begin, size] = [start(i), start(i + 1) - start(i)];
    return { objective: withBatch(rowsFrom(batch, begin, size)), examples: size };
  });
}

export const examplesIn = (parts: readonly Part[]): number => parts.reduce((sum, { examples }) => sum + examples, 0);

/** The first examples of a batch. */
export const firstRows = (batch: Batch, size: number): Batch => rowsFrom(batch, 0, size);

const rowsFrom = (batch: Batch, begin: number, size: number): Batch => mapBatch(batch, (t) => slice(t, begin, size));

/** What `f` makes of every tensor of a batch. */
export function mapBatch({ x, y, weights }: Batch, f: (t: Tensor) => Tensor): Batch {
  const each = (t: Batch['x']): Batch['x'] => (Array.isArray(t) ? t.map(f) : f(t as Tensor));
  return { x: each(x), y: each(y), weights: weights?.map((w) => w && f(w)) };
}
