import type { RowMajor } from './rowMajor.js';

/**
 * A Aᵀ in float64, `[rows, rows]`, row by row.
 *
 * Work: rows² · columns / 2 multiplications, four sums at a time: one would wait for its own last addition.
 */
export function gram({ rows, columns, values }: RowMajor): Float64Array {
  const product = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j += 4) {
      const sums = fourDots(values, columns, i, j, rows - 1);
      for (let r = 0; r < 4 && j + r <= i; r++) product[i * rows + j + r] = product[(j + r) * rows + i] = sums[r]!;
    }
  }
  return product;
}

/** Row i times the rows j to j + 3; beyond the last row, times the last again. */
function fourDots(values: RowMajor['values'], columns: number, i: number, j: number, last: number): readonly number[] {
  const [a, b0] = [i * columns, j * columns];
  const b1 = Math.min(j + 1, last) * columns;
  const b2 = Math.min(j + 2, last) * columns;
  const b3 = Math.min(j + 3, last) * columns;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0; k < columns; k++) {
    const x = values[a + k]!;
    s0 += x * values[b0 + k]!;
    s1 += x * values[b1 + k]!;
    s2 += x * values[b2 + k]!;
    s3 += x * values[b3 + k]!;
  }
  return [s0, s1, s2, s3];
}
