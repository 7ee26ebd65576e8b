import type { Eigenpair } from './eigenpair.js';
import type { Operator } from './operator.js';
import { type LanczosOptions, searchSpectrum } from './searchSpectrum.js';

/** The places of the largest and of the smallest among n values. */
export const bothEnds = (n: number): number[] => [0, n - 1];

/** Both ends of a spectrum. */
export interface Extremes {
  readonly top: Eigenpair;
  readonly bottom: Eigenpair;
  readonly products: number;
}

/**
 * The algebraically largest and smallest eigenvalues of a symmetric operator, from one Krylov space; as `lanczos` besides.
 * Both are held to the same tolerance, relative to the larger of them in size. The bottom of a Hessian is often the edge
 * of a dense bulk, which a search from the gradient meets late, and from `towardsBothEnds` soon.
 *
 * - Cost: `products` products, for both together little more than for the harder one.
 *
 * @throws RangeError if an option is out of range, or start has another dimension.
 *
 * @example
 * const { top, bottom } = extremes(curvature.hessian, { random, start: towardsBothEnds(curvature).direction });
 */
export function extremes(operator: Operator, options: LanczosOptions): Extremes {
  return searchSpectrum('extremes', operator, options, bothEnds, (found) => {
    const [top, bottom] = found.pairs() as [Eigenpair, Eigenpair];
    return { top, bottom, products: found.products };
  });
}
