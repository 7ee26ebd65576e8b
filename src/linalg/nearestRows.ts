import { gram } from './gram.js';
import { ofUnitLength } from './ofUnitLength.js';
import type { RowMajor } from './rowMajor.js';
import { timesTransposed } from './timesTransposed.js';

/**
 * For each row the indices of the k rows of `among` at the smallest angle, nearest first; of equally near ones the earlier.
 * Without `among`, of the other rows of the matrix.
 *
 * Nearness is the cosine: lengths do not count, and a row of zeros is as near to all as a right angle.
 *
 * Work: rows · rows of `among` · columns multiplications in float64, or half as many without `among`; a number for each pair.
 */
export function nearestRows(matrix: RowMajor, k: number, among?: RowMajor): readonly (readonly number[])[] {
  const units = unitRows(matrix);
  const others = among?.rows ?? matrix.rows;
  const cosines = among ? timesTransposed(units, unitRows(among)) : gram(units);
  return Array.from({ length: matrix.rows }, (_, i) =>
    largest(cosines.subarray(i * others, (i + 1) * others), k, among ? -1 : i),
  );
}

/** Where the k largest values stand, largest first, that at `skipped` left out. */
function largest(values: Float64Array, k: number, skipped: number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at++) {
    if (at === skipped) continue;
    const value = values[at]!;
    if (found.length === k && value <= values[found[k - 1]!]!) continue;
    const place = found.findIndex((other) => values[other]! < value);
    found.splice(place < 0 ? found.length : place, 0, at);
    if (found.length > k) found.pop();
  }
  return found;
}

function unitRows({ rows, columns, values }: RowMajor): RowMajor {
  const units = new Float64Array(values);
  for (let at = 0; at < units.length; at += columns) {
    units.set(ofUnitLength(units.subarray(at, at + columns)), at);
  }
  return { rows, columns, values: units };
}
