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

/** A Aᵀ, `[rows, rows]`, four values at a time: sums that do not wait for each other take a third of the time. */
function gram({ rows, columns, values }: RowMajor): Float64Array {
  const product = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j += 4) {
      // Beyond the last row: the last again.
      const [b0, b1, b2, b3] = [0, 1, 2, 3].map((r) => Math.min(j + r, rows - 1) * columns) as [
        number,
        number,
        number,
        number,
      ];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = 0, a = i * columns; k < columns; k++) {
        const x = values[a + k]!;
        s0 += x * values[b0 + k]!;
        s1 += x * values[b1 + k]!;
        s2 += x * values[b2 + k]!;
        s3 += x * values[b3 + k]!;
      }
      [s0, s1, s2, s3].forEach((sum, r) => {
        if (j + r <= i) product[i * rows + j + r] = product[(j + r) * rows + i] = sum;
      });
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
