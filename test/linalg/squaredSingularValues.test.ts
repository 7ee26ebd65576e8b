import { expect, test } from 'vitest';
import type { RowMajor } from '../../src/linalg/rowMajor.js';
import { squaredSingularValues } from '../../src/linalg/squaredSingularValues.js';

/** U diag(10, 1, 0.5) Vᵀ with U and V turned by the 3-4-5 triangle, and a row of zeros more. */
const turned: RowMajor = {
  rows: 4,
  columns: 3,
  values: Float64Array.of(4.24, 4.32, 0, 4.32, 6.76, 0, 0, 0, 0.5, 0, 0, 0),
};
const flipped: RowMajor = {
  rows: 3,
  columns: 4,
  values: Float64Array.from({ length: 12 }, (_, at) => turned.values[(at % 4) * 3 + Math.floor(at / 4)]!),
};

test.each([
  ['tall', turned],
  ['wide', flipped],
])('squaredSingularValues of a %s matrix are those of its diagonal, min(rows, columns) of them', (_, matrix) => {
  const found = squaredSingularValues(matrix);
  [100, 1, 0.25].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  expect(found).toHaveLength(3);
});

test('squaredSingularValues of a rank-one matrix has the product of the squared norms, and no negative value', () => {
  const [u, v] = [[1, 2, 3, 4], [2, -1, 0.5]]; // biome-ignore format: two vectors
  const values = Float32Array.from(u.flatMap((a) => v.map((b) => a * b)));
  const found = squaredSingularValues({ rows: 4, columns: 3, values });
  expect(found[0]).toBeCloseTo(30 * 5.25, 10);
  for (const rest of found.slice(1)) expect(rest).toBeGreaterThanOrEqual(0);
  expect(Math.max(...found.slice(1))).toBeLessThan(1e-12);
});
