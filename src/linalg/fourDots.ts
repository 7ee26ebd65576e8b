import type { RowMajor } from './rowMajor.js';

/**
 * Row i of A times the rows j to j + 3 of B, which has as many columns; beyond the last row of B, times the last again.
 *
 * Four sums at a time: one would wait for its own last addition, and each value of the row is read once for four.
 */
export function fourDots(a: RowMajor, i: number, b: RowMajor, j: number): readonly [number, number, number, number] {
  const { columns, values: left } = a;
  const { rows, values: right } = b;
  const start = (r: number): number => Math.min(j + r, rows - 1) * columns;
  const [a0, b0, b1, b2, b3] = [i * columns, start(0), start(1), start(2), start(3)];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0; k < columns; k++) {
    const x = left[a0 + k]!;
    s0 += x * right[b0 + k]!;
    s1 += x * right[b1 + k]!;
    s2 += x * right[b2 + k]!;
    s3 += x * right[b3 + k]!;
  }
  return [s0, s1, s2, s3];
}
