import { fourDots } from './fourDots.js';
import type { RowMajor } from './rowMajor.js';

/**
 * A Bᵀ in float64, `[rows of A, rows of B]`, row by row, for matrices of equally many columns.
 *
 * Work: rows of A · rows of B · columns multiplications.
 */
export function timesTransposed(a: RowMajor, b: RowMajor): Float64Array {
  const product = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j += 4) {
      const sums = fourDots(a, i, b, j);
      for (let r = 0; r < 4 && j + r < b.rows; r++) product[i * b.rows + j + r] = sums[r]!;
    }
  }
  return product;
}
