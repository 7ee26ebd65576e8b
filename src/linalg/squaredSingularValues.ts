import { columnsBeyond } from './columnsBeyond.js';
import { deviceSquaredSingularValues } from './deviceSquaredSingularValues.js';
import { gram } from './gram.js';
import type { RowMajor } from './rowMajor.js';
import { semidefiniteEigenvalues } from './semidefiniteEigenvalues.js';
import { transposed } from './transposed.js';

/** Below this size the host is done before the device has begun. */
const WORTH_THE_DEVICE = 64;

/**
 * The squares of the singular values of a matrix, largest first; min(rows, columns) of them, none negative.
 *
 * By decompositions of the backend where it registers some, in float32 (`loadTensorFlow` registers them). Else they are
 * the eigenvalues of A Aᵀ or Aᵀ A, whichever is smaller, in float64; that detour squares the condition number, and singular
 * values below 1e-8 of the largest are noise. Columns of zeros cost nothing.
 *
 * Work on the host: rows · columns · n / 2 multiplications and an eigenvalue problem of size n = min(rows, columns).
 */
export function squaredSingularValues(matrix: RowMajor): Float64Array {
  const filled = columnsBeyond(matrix, 0);
  const wide = filled.rows <= filled.columns ? filled : transposed(filled);
  const squares = new Float64Array(Math.min(matrix.rows, matrix.columns));
  squares.set((wide.rows >= WORTH_THE_DEVICE && deviceSquaredSingularValues(wide)) || onHost(wide));
  return squares;
}

const onHost = (wide: RowMajor): Float64Array => semidefiniteEigenvalues(gram(wide), wide.rows);
