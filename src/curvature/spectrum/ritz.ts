import { tridiagonalEigenpairs } from '../../linalg/tridiagonalEigenpairs.js';
import { addCombination } from './basis.js';
import type { KrylovSpace } from './krylov.js';

/** What a Krylov space knows of the spectrum, the largest first. */
export interface RitzPairs {
  readonly values: readonly number[];
  /** ‖A x − θ x‖ of each: some eigenvalue is at most so far from the value. */
  readonly residuals: readonly number[];
  /** The squared first component of each eigenvector of T: the weights of Gauss quadrature; they sum to 1. */
  readonly weights: readonly number[];
  /**
   * The vector x in weight space, of unit length.
   *
   * Their signs agree on what lies beyond all values: an eigenvector there, of which the first direction holds a trace, has
   * a part of the same sign in each, so that the sum of two holds more of it.
   */
  vector(i: number): Float64Array;
}

/**
 * The eigenpairs of T.
 *
 * x is a polynomial in A times the first direction, and the last component of T's eigenvector is its leading coefficient:
 * none is negative, whence the signs.
 */
export function ritzPairs({ basis, diagonal, beside, rest }: KrylovSpace): RitzPairs {
  const n = diagonal.length;
  const pairs = tridiagonalEigenpairs({
    diagonal: Float64Array.from(diagonal),
    beside: Float64Array.from(beside.slice(0, n - 1)),
  });
  return {
    values: pairs.map(({ value }) => value),
    residuals: pairs.map(({ vector }) => rest * Math.abs(vector[n - 1]!)),
    weights: pairs.map(({ vector }) => vector[0]! ** 2),
    vector(i) {
      const x = new Float64Array(basis[0]!.length);
      addCombination(x, pairs[i]!.vector, basis.slice(0, n));
      return x;
    },
  };
}
