import { expect, test } from 'vitest';
import { semidefiniteEigenvalues } from '../../src/linalg/semidefiniteEigenvalues.js';

test('semidefiniteEigenvalues gives those of a 2 × 2 matrix, largest first', () => {
  const [a, b, c] = [5, 2, 1];
  const radius = Math.hypot((a - c) / 2, b);
  const found = semidefiniteEigenvalues(Float64Array.of(a, b, b, c), 2);
  expect(found[0]).toBeCloseTo((a + c) / 2 + radius, 12);
  expect(found[1]).toBeCloseTo((a + c) / 2 - radius, 12);
});

test('semidefiniteEigenvalues gives 2 − 2 cos(kπ/(n + 1)) for the second difference', () => {
  const n = 40;
  const matrix = new Float64Array(n * n).map((_, at) => [2, -1][Math.abs((at % n) - Math.floor(at / n))] ?? 0);
  semidefiniteEigenvalues(matrix, n).forEach((value, i) =>
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12),
  );
});

test('semidefiniteEigenvalues of a matrix of rank one are its trace and zeros, none negative', () => {
  const v = Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
  const [first, ...rest] = semidefiniteEigenvalues(Float64Array.from(v.flatMap((a) => v.map((b) => a * b))), 12);
  expect(first).toBeCloseTo(
    v.reduce((sum, a) => sum + a * a, 0),
    12,
  );
  for (const value of rest) expect(Math.abs(value)).toBeLessThan(1e-14);
  expect(Math.min(...rest)).toBeGreaterThanOrEqual(0);
});

test('semidefiniteEigenvalues gives none for the empty matrix, and zeros for zero', () => {
  expect([...semidefiniteEigenvalues(new Float64Array(), 0)]).toEqual([]);
  expect([...semidefiniteEigenvalues(new Float64Array(9), 3)]).toEqual([0, 0, 0]);
});

test('semidefiniteEigenvalues refuses a matrix that is not square, or not finite', () => {
  expect(() => semidefiniteEigenvalues(new Float64Array(6), 2)).toThrow('must hold 2 × 2 values, got 6');
  expect(() => semidefiniteEigenvalues(Float64Array.of(NaN), 1)).toThrow('must be finite');
});
