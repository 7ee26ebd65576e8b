import { checkWhole } from './checkNumber.js';
import type { Schedule } from './watching.js';

/**
 * Due at step 0 and at every n-th step after it.
 *
 * @throws RangeError if n is not a whole number >= 1.
 */
export function every(n: number): Schedule {
  checkWhole('every: n', n);
  return { due: (step) => step % n === 0, first: 0 };
}
