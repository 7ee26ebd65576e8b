import { type Centering, centered } from './centered.js';
import { columnsBeyond, columnsWithin } from './columnsBeyond.js';
import { deviceSingularValues } from './deviceSingularValues.js';
import { gram } from './gram.js';
import type { RowMajor } from './rowMajor.js';
import { semidefiniteEigenvalues } from './semidefiniteEigenvalues.js';
import { transposed } from './transposed.js';

/** Below this size the host is done before the device has begun. */
const WORTH_THE_DEVICE = 64;

/** Share of columns of zeros beyond which they are left out: the copy without 11 of 512 took 3 ms of 45. */
const WORTH_A_COPY = 0.1;

/**
 * The squares of the singular values of a matrix, its means subtracted before if so asked; largest first, min(rows, columns)
 * of them, none negative.
 *
 * They are the eigenvalues of A Aᵀ or Aᵀ A, whichever is smaller, in float64: by a kernel of the backend where it registers
 * one, as `loadTensorFlow` does, of A in float32; else on the host. Either squares the condition number, so singular values
 * below 1e-7 of the largest are noise on the device, and below 1e-8 on the host. Columns of zeros cost nothing where they are many.
 *
 * Work on the host: rows · columns · n / 2 multiplications and an eigenvalue problem of size n = min(rows, columns).
 */
export function squaredSingularValues(matrix: RowMajor, centering: Centering = 'none'): Float64Array {
  // Where the mean of a row is subtracted, a column of zeros is one no longer.
  const zeros = centering === 'rows' ? 0 : columnsWithin(matrix, 0).length;
  const filled = zeros > WORTH_A_COPY * matrix.columns ? columnsBeyond(matrix, 0) : matrix;
  const size = Math.min(filled.rows, filled.columns);
  const squares = new Float64Array(Math.min(matrix.rows, matrix.columns));
  squares.set((size >= WORTH_THE_DEVICE && onDevice(filled, centering)) || onHost(centered(filled, centering)));
  return squares;
}

const onDevice = (matrix: RowMajor, centering: Centering): Float64Array | undefined =>
  deviceSingularValues(matrix, centering)?.map((s) => s ** 2);

function onHost(matrix: RowMajor): Float64Array {
  const filled = columnsBeyond(matrix, 0);
  const wide = filled.rows <= filled.columns ? filled : transposed(filled);
  return semidefiniteEigenvalues(gram(wide), wide.rows);
}
