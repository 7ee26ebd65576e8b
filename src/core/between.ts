import { checkWhole } from './checkNumber.js';
import type { Schedule } from './watching.js';

/**
 * Due at every step from one on, up to another, itself left out.
 *
 *     from <= step < to
 *
 * @param to Default: never ends.
 * @throws RangeError if from is not a whole number >= 0, or to is not above it: then it would never be due.
 *
 * @example
 * sometimes(all(between(1000), every(5)), sam()) // from step 1000 on, every fifth
 */
export function between(from: number, to = Number.POSITIVE_INFINITY): Schedule {
  checkWhole('between: from', from, 0);
  if (!(to > from)) throw new RangeError(`between: to must be above from, or it is never due; got ${from} to ${to}`);
  return { due: (step) => from <= step && step < to, first: from };
}
