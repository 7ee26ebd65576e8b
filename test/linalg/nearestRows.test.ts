import { expect, test } from 'vitest';
import { nearestRows } from '../../src/linalg/nearestRows.js';
import type { RowMajor } from '../../src/linalg/rowMajor.js';

/** Rows at angles, in turns of the circle, with the lengths 1, 2, 3, … */
const at = (...turns: readonly number[]): RowMajor => ({
  rows: turns.length,
  columns: 2,
  values: Float64Array.from(
    turns.flatMap((turn, i) => [Math.cos, Math.sin].map((f) => (i + 1) * f(2 * Math.PI * turn))),
  ),
});

test('nearestRows are those at the smallest angle, nearest first, whatever their lengths', () => {
  expect(nearestRows(at(0, 0.5), 2, at(0.1, 0.45, 0.02, 0.3))).toEqual([
    [2, 0],
    [1, 3],
  ]);
});

test('nearestRows without another matrix leave each row out of its own', () => {
  expect(nearestRows(at(0, 0.1, 0.3), 1)).toEqual([[1], [0], [1]]);
  const twice = at(0, 0.1, 0.3);
  expect(nearestRows(twice, 1, twice)).toEqual([[0], [1], [2]]);
});

test('nearestRows of equally near ones are the earlier, as all are to a row of zeros', () => {
  const zeros = { rows: 1, columns: 2, values: Float32Array.of(0, 0) };
  expect(nearestRows(zeros, 3, at(0.3, 0.1, 0.2, 0))).toEqual([[0, 1, 2]]);
  const equal = { rows: 4, columns: 2, values: Float32Array.of(1, 0, 0, 1, 0, 2, 1, 0) };
  expect(nearestRows({ rows: 1, columns: 2, values: Float32Array.of(0, 5) }, 4, equal)).toEqual([[1, 2, 0, 3]]);
});
