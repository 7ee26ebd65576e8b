import { centered } from './centered.js';
import { dot } from './dot.js';
import { ofUnitLength } from './ofUnitLength.js';
import type { RowMajor } from './rowMajor.js';
import { transposed } from './transposed.js';

/**
 * How many columns remain when of each pair whose correlation exceeds a bound in size one goes: a column stays unless a
 * later one goes with it. A constant column goes with none.
 *
 * Work: columns² · rows / 2 multiplications at most.
 *
 * @see Andriushchenko, Bahri, Mobahi, Flammarion 2023, arXiv 2305.16292: their code deletes one at a time, to this effect
 */
export function distinctColumns(matrix: RowMajor, bound: number): number {
  const { rows: columns, columns: rows, values } = transposed(centered(matrix, 'columns'));
  const units = Array.from({ length: columns }, (_, j) => ofUnitLength(values.subarray(j * rows, (j + 1) * rows)));
  return units.filter((unit, j) => !units.some((other, k) => k > j && Math.abs(dot(unit, other)) > bound)).length;
}
