import { expect, test } from 'vitest';
import { symmetricEigenvalues } from '../../src/linalg/symmetricEigenvalues.js';

test('symmetricEigenvalues gives those of a 2 × 2 matrix, largest first, with their signs', () => {
  const [a, b, c] = [1, 2, -3];
  const radius = Math.hypot((a - c) / 2, b);
  const found = symmetricEigenvalues(Float64Array.of(a, b, b, c), 2);
  expect(found[0]).toBeCloseTo((a + c) / 2 + radius, 12);
  expect(found[1]).toBeCloseTo((a + c) / 2 - radius, 12);
});

test('symmetricEigenvalues gives 2 − 2 cos(kπ/(n + 1)) for the second difference', () => {
  const n = 40;
  const matrix = new Float64Array(n * n).map((_, at) => [2, -1][Math.abs((at % n) - Math.floor(at / n))] ?? 0);
  symmetricEigenvalues(matrix, n).forEach((value, i) =>
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12),
  );
});

test('symmetricEigenvalues gives none for the empty matrix, and zeros for zero', () => {
  expect([...symmetricEigenvalues(new Float64Array(), 0)]).toEqual([]);
  expect([...symmetricEigenvalues(new Float64Array(9), 3)]).toEqual([0, 0, 0]);
});

test('symmetricEigenvalues refuses a matrix that is not square, or not finite', () => {
  expect(() => symmetricEigenvalues(new Float64Array(6), 2)).toThrow('must hold 2 × 2 values, got 6');
  expect(() => symmetricEigenvalues(Float64Array.of(NaN), 1)).toThrow('must be finite');
});
