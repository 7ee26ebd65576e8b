import { implicitQL } from './implicitQL.js';
import type { Tridiagonal } from './tridiagonalized.js';

/** An eigenvalue of a matrix, and its eigenvector of unit length. */
export interface TridiagonalEigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/**
 * The eigenpairs of a symmetric tridiagonal matrix, largest first, by {@link implicitQL}.
 *
 * The vectors are orthonormal to a few roundings, those of equal eigenvalues too, and their last component is never
 * negative. Work: up to 6 n³ operations.
 */
export function tridiagonalEigenpairs(matrix: Tridiagonal): TridiagonalEigenpair[] {
  const n = matrix.diagonal.length;
  // Row by row, so that a rotation passes through two arrays in order.
  const vectors = Array.from({ length: n }, (_, i) => new Float64Array(n).fill(1, i, i + 1));
  const values = implicitQL(matrix, (i, c, s) => {
    const x = vectors[i]!;
    const y = vectors[i + 1]!;
    for (let k = 0; k < n; k++) {
      const a = x[k]!;
      const b = y[k]!;
      x[k] = c * a - s * b;
      y[k] = s * a + c * b;
    }
  });
  return vectors.map((vector, i) => ({ value: values[i]!, vector: upright(vector) })).sort((a, b) => b.value - a.value);
}

const upright = (vector: Float64Array): Float64Array => (vector.at(-1)! < 0 ? vector.map((x) => -x) : vector);
