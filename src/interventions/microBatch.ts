import type { Objective } from '../core/objective.js';
import { firstRows } from '../core/partsOf.js';
import { rowsOf } from '../core/rowsOf.js';

/**
 * The objective on the first examples of its batch, a share of them, at least one; on all of them it is the very objective.
 *
 * The first, so that each meets the dropout mask that it has in the whole batch: masks are filled from the first row on.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function microBatch(who: string, objective: Objective, share: number): Objective {
  const { batch, withBatch } = objective;
  if (share === 1) return objective;
  if (!batch || !withBatch) {
    throw new TypeError(`${who}: the objective must have batch and withBatch; give them to minimize`);
  }
  const rows = rowsOf(batch);
  const size = Math.ceil(rows * share);
  return size === rows ? objective : withBatch(firstRows(batch, size));
}
