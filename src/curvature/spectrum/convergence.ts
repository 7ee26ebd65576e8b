import { ritzError } from './eigenpair.js';
import type { RitzPairs } from './ritz.js';

/**
 * Products over which the smallest value must have held still, to the tolerance. It is often the edge of a dense bulk, which
 * is met late, and residual and estimate know nothing of what has not been met.
 */
const STILL = 3;

/** What is held to the tolerance, which is relative to the largest eigenvalue met. */
interface Measure {
  readonly tolerance: number;
  readonly until: 'residual' | 'error';
}

/**
 * Whether the eigenpairs at some places have converged; told of after each product of a search.
 *
 * A pair has not while its neighbour, which nobody asked for, may still turn out to lie beyond it: so an eigenvector that
 * another overtook is noticed as soon as the other shows. At the edge of a bulk it does not matter which of those near it is
 * the last. Nor has the smallest while it still moves.
 *
 * @param dimension of the operator.
 */
export function convergence(dimension: number) {
  const bottoms: number[] = [];
  return (ritz: RitzPairs, places: readonly number[], { tolerance, until }: Measure): ((i: number) => boolean) => {
    const { values, residuals } = ritz;
    const products = values.length;
    const [top, bottom] = [values[0]!, values.at(-1)!];
    bottoms[products] = bottom;
    const enough = tolerance * Math.max(Math.abs(top), Math.abs(bottom));
    const moved = Math.abs(bottom - (bottoms[products - STILL] ?? Infinity));
    const isStill = moved <= enough || products === dimension;
    return (i) => {
      const isSmallest = i > 0 && i === products - 1;
      const slack = until === 'error' ? ritzError(ritz, i) : residuals[i]!;
      return (
        slack <= enough &&
        (!isSmallest || isStill) &&
        [i - 1, i + 1].every((j) => places.includes(j) || !reaches(ritz, j, i, isSmallest ? enough : 0))
      );
    };
  };
}

/** Whether the j-th value, as far as it is known, may turn out to lie beyond the i-th by more than that. */
const reaches = ({ values, residuals }: RitzPairs, j: number, i: number, beyond: number): boolean =>
  residuals[j] !== undefined && residuals[j] > Math.abs(values[j]! - values[i]!) + beyond;
