import { expect, test } from 'vitest';
import { timesTransposed } from '../../src/linalg/timesTransposed.js';

/** Row i is (i + 1, −i, 2). */
const matrix = (rows: number) => ({
  rows,
  columns: 3,
  values: Float32Array.from({ length: rows * 3 }, (_, at) => [Math.floor(at / 3) + 1, -Math.floor(at / 3), 2][at % 3]!),
});

test.each([1, 3, 4, 5, 9])('timesTransposed has the product of each row with each of %i others', (rows) => {
  const product = timesTransposed(matrix(2), matrix(rows));
  // (i + 1)(j + 1) + i j + 4
  const expected = [0, 1].flatMap((i) => Array.from({ length: rows }, (_, j) => (i + 1) * (j + 1) + i * j + 4));
  expect([...product]).toEqual(expected);
});
