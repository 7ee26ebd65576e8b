import type { RowMajor } from './rowMajor.js';
import { semidefiniteEigenvalues } from './semidefiniteEigenvalues.js';

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

/** A Aᵀ, `[rows, rows]`. */
function gram({ rows, columns, values }: RowMajor): Float64Array {
  const product = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0, a = i * columns, b = j * columns; k < columns; k++) sum += values[a + k]! * values[b + k]!;
      product[i * rows + j] = product[j * rows + i] = sum;
    }
  }
  return product;
}

function transposed({ rows, columns, values }: RowMajor): RowMajor {
  const flipped = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) flipped[j * rows + i] = values[i * columns + j]!;
  }
  return { rows: columns, columns: rows, values: flipped };
}
