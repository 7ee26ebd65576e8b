import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { tridiagonalEigenpairs } from '../../src/linalg/tridiagonalEigenpairs.js';
import { tridiagonalEigenvalues } from '../../src/linalg/tridiagonalEigenvalues.js';
import { type Tridiagonal, tridiagonalized } from '../../src/linalg/tridiagonalized.js';

const secondDifference = (n: number): Tridiagonal => ({
  diagonal: new Float64Array(n).fill(2),
  beside: new Float64Array(n - 1).fill(-1),
});

test('tridiagonalEigenvalues gives 2 − 2 cos(kπ/(n + 1)) for the second difference, ascending', () => {
  const n = 200;
  tridiagonalEigenvalues(secondDifference(n)).forEach((value, i) =>
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)), 12),
  );
});

test('tridiagonalEigenvalues of −n … n without a diagonal are the integers: Kac and Sylvester', () => {
  const n = 24;
  const beside = Float64Array.from({ length: n }, (_, i) => Math.sqrt((i + 1) * (n - i)));
  const found = tridiagonalEigenvalues({ diagonal: new Float64Array(n + 1), beside });
  found.forEach((value, i) => expect(value).toBeCloseTo(2 * i - n, 11));
});

test('tridiagonalEigenvalues takes a matrix apart where nothing is beside the diagonal', () => {
  const found = tridiagonalEigenvalues({ diagonal: Float64Array.of(3, -1, 2, 2), beside: Float64Array.of(0, 0, 1) });
  [-1, 1, 3, 3].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 14));
});

test('tridiagonalEigenvalues of none, of one, and of zeros', () => {
  const none = new Float64Array();
  expect([...tridiagonalEigenvalues({ diagonal: none, beside: none })]).toEqual([]);
  expect([...tridiagonalEigenvalues({ diagonal: Float64Array.of(-4), beside: none })]).toEqual([-4]);
  expect([...tridiagonalEigenvalues({ diagonal: new Float64Array(3), beside: new Float64Array(2) })]).toEqual([
    0, 0, 0,
  ]);
});

test('tridiagonalEigenvalues refuses values that are not finite', () => {
  const beside = Float64Array.of(1);
  expect(() => tridiagonalEigenvalues({ diagonal: Float64Array.of(1, NaN), beside })).toThrow('must be finite');
});

test('tridiagonalEigenpairs gives the sines √(2/(n + 1)) sin(ikπ/(n + 1)) for the second difference, largest first', () => {
  const n = 60;
  const pairs = tridiagonalEigenpairs(secondDifference(n));
  const angle = (at: number): number => ((n - at) * Math.PI) / (n + 1);
  pairs.forEach(({ value, vector }, at) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(angle(at)), 12);
    vector.forEach((x, i) => expect(x).toBeCloseTo(Math.sqrt(2 / (n + 1)) * Math.sin((n - i) * angle(at)), 12));
  });
});

test.each<[string, Tridiagonal]>([
  ['without anything beside', { diagonal: Float64Array.of(3, 3, -1), beside: new Float64Array(2) }],
  ['in parts with an eigenvalue in common', { diagonal: Float64Array.of(2, 2, 3), beside: Float64Array.of(1, 0) }],
  ['of sizes far apart', { diagonal: Float64Array.of(1e6, 1, 1e-6, 0), beside: Float64Array.of(1, 1e-3, 1e-6) }],
])('tridiagonalEigenpairs of a matrix %s are orthonormal and solve A x = λ x', (_, matrix) => {
  const pairs = tridiagonalEigenpairs(matrix);
  const { diagonal, beside } = matrix;
  const largest = Math.max(...diagonal.map(Math.abs));
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
  pairs.forEach(({ value, vector }, i) => {
    vector.forEach((x, k) => {
      const image =
        diagonal[k]! * x + (beside[k] ?? 0) * (vector[k + 1] ?? 0) + (beside[k - 1] ?? 0) * (vector[k - 1] ?? 0);
      expect(Math.abs(image - value * x)).toBeLessThan(2e-15 * largest);
    });
    pairs.forEach((other, j) => expect(dot(vector, other.vector)).toBeCloseTo(Number(i === j), 14));
  });
});

test('tridiagonalized leaves what is tridiagonal as it is', () => {
  const n = 7;
  const matrix = new Float64Array(n * n).map((_, at) => [2, -1][Math.abs((at % n) - Math.floor(at / n))] ?? 0);
  expect(tridiagonalized(matrix, n)).toEqual(secondDifference(n));
});

/** A diagonal matrix turned by the reflection I − 2uuᵀ of a unit vector. */
function turned(values: readonly number[]): Float64Array {
  const n = values.length;
  const draw = random(3);
  const drawn = values.map(() => draw() - 0.5);
  const length = Math.hypot(...drawn);
  const u = drawn.map((x) => x / length);
  const reflection = (i: number, j: number): number => Number(i === j) - 2 * u[i]! * u[j]!;
  return new Float64Array(n * n).map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return values.reduce((sum, value, k) => sum + reflection(i, k) * value * reflection(j, k), 0);
  });
}

test.each([
  ['of both signs', [-7, -2.5, -1e-3, 0, 0.25, 1, 1, 9]],
  ['far apart', [0, 0, 0, 1e-9, 1e-6, 1e-3, 1, 1e3]],
  ['all equal', [4, 4, 4, 4, 4]],
])('tridiagonalized keeps eigenvalues that are %s, to a few roundings of the largest', (_, values) => {
  const found = tridiagonalEigenvalues(tridiagonalized(turned(values), values.length));
  const largest = Math.max(...values.map(Math.abs));
  values.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(2e-15 * values.length * largest));
});
