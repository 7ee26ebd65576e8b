import { slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Objective, Part } from './objective.js';
import { rowsOf } from './rowsOf.js';

/**
 * An objective on n parts of its batch, as equal as can be; a batch of fewer examples gives one part an example.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function partsOf(who: string, objective: Objective, n: number): readonly Part[] {
  const { batch, withBatch } = objective;
  if (n === 1) return [{ objective, examples: 1 }];
  if (!batch || !withBatch) {
    throw new TypeError(`${who}: the objective must have batch and withBatch; give them to minimize`);
  }
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

function rowsFrom({ x, y, weights }: Batch, begin: number, size: number): Batch {
  const cut = (t: Tensor): Tensor => slice(t, begin, size);
  const each = (t: Batch['x']): Batch['x'] => (Array.isArray(t) ? t.map(cut) : cut(t as Tensor));
  return { x: each(x), y: each(y), weights: weights?.map((w) => w && cut(w)) };
}
