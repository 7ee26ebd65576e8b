import { gram } from './gram.js';
import type { RowMajor } from './rowMajor.js';
import { semidefiniteEigenvalues } from './semidefiniteEigenvalues.js';
import { transposed } from './transposed.js';

/**
 * The squares of the singular values of a matrix, largest first; min(rows, columns) of them, none negative.
 *
 * They are the eigenvalues of A Aᵀ or Aᵀ A, whichever is smaller, in float64. The detour squares the condition number:
 * singular values below 1e-8 of the largest are noise.
 *
 * Work: rows · columns · n / 2 multiplications and an eigenvalue problem of size n = min(rows, columns).
 */
export function squaredSingularValues(matrix: RowMajor): Float64Array {
  const { rows, columns } = matrix;
  const small = rows <= columns ? matrix : transposed(matrix);
  return semidefiniteEigenvalues(gram(small), Math.min(rows, columns));
}
