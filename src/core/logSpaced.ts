import { checkWhole } from './checkNumber.js';
import type { Schedule } from './watching.js';

/**
 * Due at step 0 and then ever more rarely, evenly on a logarithmic axis: at the steps nearest to 10^(k / perDecade).
 *
 * @throws RangeError if perDecade is not a whole number >= 1.
 *
 * @example
 * [hessianTrace(), logSpaced(4)] // steps 0, 1, 2, 3, 6, 10, 18, 32, 56, 100, …
 */
export function logSpaced(perDecade: number): Schedule {
  checkWhole('logSpaced: perDecade', perDecade);
  const nth = (k: number): number => Math.round(10 ** (k / perDecade));
  return {
    due(step) {
      if (step === 0) return true;
      const k = Math.round(perDecade * Math.log10(step));
      return [k - 1, k, k + 1].some((near) => nth(near) === step);
    },
    first: 0,
  };
}
