import { expect, test } from 'vitest';
import { distinctColumns } from '../../src/linalg/distinctColumns.js';

const columns = (...lists: readonly (readonly number[])[]) => ({
  rows: lists[0]!.length,
  columns: lists.length,
  values: Float64Array.from(lists[0]!.flatMap((_, i) => lists.map((list) => list[i]!))),
});

test('distinctColumns takes columns that are straight lines of each other for one, whichever way they slope', () => {
  expect(distinctColumns(columns([1, 2, 4], [3, 5, 9], [-1, -2, -4], [1, 0, 0]), 0.99)).toBe(2);
});

test('distinctColumns of a chain depends on the order of its columns, as in the code of the authors', () => {
  // Correlations: 0.8 between neighbours, 0.28 between the ends.
  const [a, b] = [[1, -1, 0, 0], [0, 0, 1, -1]]; // biome-ignore format: two vectors
  const at = (angle: number) => a.map((x, i) => Math.cos(angle) * x + Math.sin(angle) * b[i]!);
  const turn = Math.acos(0.8);
  expect(distinctColumns(columns(at(0), at(turn), at(2 * turn)), 0.7)).toBe(1);
  expect(distinctColumns(columns(at(0), at(2 * turn), at(turn)), 0.7)).toBe(1);
  expect(distinctColumns(columns(at(turn), at(0), at(2 * turn)), 0.7)).toBe(2);
});

test('distinctColumns keeps every constant column, and has none of none', () => {
  expect(distinctColumns(columns([2, 2], [3, 3]), 0.5)).toBe(2);
  expect(distinctColumns({ rows: 3, columns: 0, values: new Float64Array() }, 0.5)).toBe(0);
});
