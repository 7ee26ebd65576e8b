import { checkFraction } from './checkNumber.js';
import type { Schedule } from './watching.js';

/**
 * Due whenever measuring again would keep the time spent within a share of wall time.
 *
 *     spent + c <= share · (now − start),  c what the last measurement took
 *
 * The first measurement is made at once, since nobody knows what it takes; from when that has been paid for the share
 * is kept, but for a measurement that takes longer than the one before it. One budget given to several probes is theirs
 * together. It is for probes, which tell what they took, and for one run.
 *
 * @throws RangeError if share is not above 0 and below 1; TypeError where it is asked without a clock.
 *
 * @example
 * [topEigenvalue(), budget(0.05)] // at most 5 % of the time
 */
export function budget(share: number): Schedule {
  checkFraction('budget: share', share);
  let start: number | undefined;
  let total = 0;
  let last = 0;
  return {
    due(_, now) {
      if (now === undefined)
        throw new TypeError('budget: needs a clock, which only probes have; use every or logSpaced');
      start ??= now;
      return total + last <= share * (now - start);
    },
    spent(ms) {
      total += ms;
      last = ms;
    },
  };
}
