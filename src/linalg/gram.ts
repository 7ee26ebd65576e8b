import { fourDots } from './fourDots.js';
import type { RowMajor } from './rowMajor.js';

/**
 * A Aᵀ in float64, `[rows, rows]`, row by row.
 *
 * Work: rows² · columns / 2 multiplications.
 */
export function gram(matrix: RowMajor): Float64Array {
  const { rows } = matrix;
  const product = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j += 4) {
      const sums = fourDots(matrix, i, matrix, j);
      for (let r = 0; r < 4 && j + r <= i; r++) product[i * rows + j + r] = product[(j + r) * rows + i] = sums[r]!;
    }
  }
  return product;
}
