import { checkWhole } from '../core/checkNumber.js';
import type { Batch, GradientFn } from '../core/objective.js';
import { rowsOf } from '../core/rowsOf.js';
import { overParts } from './overParts.js';

/**
 * Has a gradient taken on each group of at most m examples by itself, and their mean; without m on all of them together.
 *
 * Groups are as equal as can be, and m at most: a batch of 10 in groups of 4 is 3, 3 and 4.
 *
 * @throws RangeError, in the name of `who`, if m is not a whole number >= 1.
 */
export function inGroups(who: string, m: number | undefined): (each: GradientFn) => GradientFn {
  if (m === undefined) return (each) => each;
  checkWhole(`${who}: m`, m);
  // Without a batch there are groups all the same, and taking them says what is missing.
  const groups = (batch: Batch | undefined): number => (batch ? Math.ceil(rowsOf(batch) / m) : 2);
  return (each) => overParts(who, each, groups);
}
