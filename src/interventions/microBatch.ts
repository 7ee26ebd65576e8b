import type { Objective } from '../core/objective.js';
import { firstRows } from '../core/partsOf.js';
import { required } from '../core/required.js';
import { rowsOf } from '../core/rowsOf.js';

/**
 * The objective on the first examples of its batch, a share of them, at least one; on all of them it is the very objective.
 *
 * The first, so that each meets the dropout mask that it has in the whole batch: masks are filled from the first row on.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function microBatch(who: string, objective: Objective, share: number): Objective {
  if (share === 1) return objective;
  const { batch, withBatch } = required(who, objective, 'batch', 'withBatch');
  const rows = rowsOf(batch);
  const size = Math.ceil(rows * share);
  return size === rows ? objective : withBatch(firstRows(batch, size));
}
