import { checkNonNegative, checkWhole } from './checkNumber.js';

/** What {@link cosine} takes. */
export interface CosineOptions {
  /** At step 0. */
  readonly from: number;
  /** At step `steps` and ever after. Default 0. */
  readonly to?: number;
  readonly steps: number;
}

/**
 * Goes from one value to another along half a cosine, slowly at both ends.
 *
 *     to + (from − to) (1 + cos(π s / steps)) / 2
 *
 * @throws RangeError if steps is not a whole number >= 1, or from or to is negative or not finite.
 * @see Loshchilov, Hutter 2016, arXiv 1608.03983
 *
 * @example
 * sam({ rho: cosine({ from: 0.1, to: 0.02, steps: 10_000 }) })
 */
export function cosine({ from, to = 0, steps }: CosineOptions): (step: number) => number {
  checkWhole('cosine: steps', steps);
  checkNonNegative('cosine: from', from);
  checkNonNegative('cosine: to', to);
  return (step) => (step >= steps ? to : to + ((from - to) * (1 + Math.cos((Math.PI * step) / steps))) / 2);
}
