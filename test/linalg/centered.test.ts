import { expect, test } from 'vitest';
import { centered } from '../../src/linalg/centered.js';

const matrix = { rows: 2, columns: 3, values: Float32Array.of(1, 2, 6, 3, 2, -2) };

test('centered subtracts the mean of each column, of each row, or nothing', () => {
  expect([...centered(matrix, 'columns').values]).toEqual([-1, 0, 4, 1, 0, -4]);
  expect([...centered(matrix, 'rows').values]).toEqual([-2, -1, 3, 2, 1, -3]);
  expect([...centered(matrix, 'none').values]).toEqual([1, 2, 6, 3, 2, -2]);
});

test('centered leaves the matrix it was given as it was', () => {
  centered(matrix, 'columns');
  expect([...matrix.values]).toEqual([1, 2, 6, 3, 2, -2]);
});

test('centered makes equal values exactly 0, though ten times 0.1 is not 1', () => {
  const values = new Float64Array(10).fill(0.1);
  expect([...centered({ rows: 10, columns: 1, values }, 'columns').values]).toEqual(new Array(10).fill(0));
  expect([...centered({ rows: 1, columns: 10, values }, 'rows').values]).toEqual(new Array(10).fill(0));
});
