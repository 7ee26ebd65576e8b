import { tridiagonalEigenpairs } from '../../linalg/tridiagonalEigenpairs.js';
import type { KrylovSpace } from './krylov.js';

/** What a Krylov space knows of the spectrum, the largest first. */
export interface RitzPairs {
  readonly values: readonly number[];
  /** ‖A x − θ x‖ of each: some eigenvalue is at most so far from the value. */
  readonly residuals: readonly number[];
  /** The squared first component of each eigenvector of T: the weights of Gauss quadrature; they sum to 1. */
  readonly weights: readonly number[];
  /**
   * Σ share · x over some pairs [i, share], their vectors x being of unit length in weight space.
   *
   * Their signs agree on what lies beyond all values: an eigenvector there, of which the first direction holds a trace, has
   * a part of the same sign in each, so that the sum of two holds more of it.
   */
  mixture(shares: readonly (readonly [i: number, share: number])[]): Float64Array;
}

/**
 * The eigenpairs of T.
 *
 * x is a polynomial in A times the first direction, and the last component of T's eigenvector is its leading coefficient:
 * none is negative, whence the signs.
 */
export function ritzPairs({ diagonal, beside, rest, combination }: KrylovSpace): RitzPairs {
  const n = diagonal.length;
  const pairs = tridiagonalEigenpairs({
    diagonal: Float64Array.from(diagonal),
    beside: Float64Array.from(beside.slice(0, n - 1)),
  });
  return {
    values: pairs.map(({ value }) => value),
    residuals: pairs.map(({ vector }) => rest * Math.abs(vector[n - 1]!)),
    weights: pairs.map(({ vector }) => vector[0]! ** 2),
    mixture: (shares) =>
      combination(
        Float64Array.from({ length: n }, (_, q) =>
          shares.reduce((sum, [i, share]) => sum + share * pairs[i]!.vector[q]!, 0),
        ),
      ),
  };
}
