import { dot } from './dot.js';
import { ofUnitLength } from './ofUnitLength.js';
import type { RowMajor } from './rowMajor.js';

/**
 * For each row the indices of the k rows of `among` at the smallest angle, nearest first; of equally near ones the earlier.
 * Without `among`, of the other rows of the matrix.
 *
 * Nearness is the cosine: lengths do not count, and a row of zeros is as near to all as a right angle.
 *
 * Work: rows · rows of `among` · columns multiplications, in float64.
 */
export function nearestRows(matrix: RowMajor, k: number, among?: RowMajor): readonly (readonly number[])[] {
  const rows = unitRows(matrix);
  if (!among) return rows.map((row, i) => nearest(row, rows, k, i));
  const others = unitRows(among);
  return rows.map((row) => nearest(row, others, k));
}

function nearest(row: Float64Array, others: readonly Float64Array[], k: number, itself?: number): readonly number[] {
  const found: { readonly at: number; readonly cosine: number }[] = [];
  others.forEach((other, at) => {
    if (at === itself) return;
    const cosine = dot(row, other);
    if (found.length === k && cosine <= found[k - 1]!.cosine) return;
    const place = found.findIndex((known) => known.cosine < cosine);
    found.splice(place < 0 ? found.length : place, 0, { at, cosine });
    found.length = Math.min(found.length, k);
  });
  return found.map(({ at }) => at);
}

function unitRows({ rows, columns, values }: RowMajor): readonly Float64Array[] {
  const all = new Float64Array(values);
  return Array.from({ length: rows }, (_, i) => ofUnitLength(all.subarray(i * columns, (i + 1) * columns)));
}
