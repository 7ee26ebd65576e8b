import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { addCombination } from './basis.js';
import type { KrylovSpace } from './krylov.js';

/** What a Krylov space knows of the spectrum, the largest first. */
export interface RitzPairs {
  readonly values: readonly number[];
  /** ‖A x − θ x‖ of each: some eigenvalue is at most so far from the value. */
  readonly residuals: readonly number[];
  /** The squared first component of each eigenvector of T: the weights of Gauss quadrature; they sum to 1. */
  readonly weights: readonly number[];
  /** The vector x in weight space, of unit length. */
  vector(i: number): Float64Array;
}

/**
 * The eigenpairs of T.
 *
 * By singular values of T + c, c the bound of Gershgorin: these are its eigenvalues, for it has none below 0. So one
 * decomposition serves the whole library, and a page loads no second one.
 */
export function ritzPairs({ basis, diagonal, beside, rest }: KrylovSpace): RitzPairs {
  const n = diagonal.length;
  const off = (i: number): number => Math.abs(beside[i] ?? 0);
  const c = Math.max(...diagonal.map((a, i) => Math.abs(a) + off(i - 1) + off(i))) || 1;
  const shifted = Matrix.zeros(n, n);
  diagonal.forEach((a, i) => shifted.set(i, i, a + c));
  beside.slice(0, n - 1).forEach((b, i) => {
    shifted.set(i, i + 1, b);
    shifted.set(i + 1, i, b);
  });
  const { diagonal: values, leftSingularVectors: vectors } = new SingularValueDecomposition(shifted, {
    computeRightSingularVectors: false,
  });
  return {
    values: values.map((value) => value - c),
    residuals: values.map((_, i) => rest * Math.abs(vectors.get(n - 1, i))),
    weights: values.map((_, i) => vectors.get(0, i) ** 2),
    vector(i) {
      const x = new Float64Array(basis[0]!.length);
      addCombination(x, vectors.getColumn(i), basis.slice(0, n));
      return x;
    },
  };
}
