import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { lanczos } from '../../src/curvature/lanczos.js';
import type { Operator } from '../../src/curvature/operator.js';
import { dot, norm } from '../../src/curvature/weightSpace.js';

const operator = (matrix: Matrix): Operator => ({
  dimension: matrix.rows,
  cost: 1,
  apply: (v) => Float64Array.from(matrix.mmul(Matrix.columnVector(v)).getColumn(0)),
});

const diagonal = (values: number[]): Operator => operator(Matrix.diag(values));

/** A dense symmetric matrix of random entries. */
function symmetric(n: number, seed: number): Matrix {
  const next = random(seed);
  const a = Matrix.zeros(n, n).apply(function (this: Matrix, i, j) {
    this.set(i, j, next() - 0.5);
  });
  return a.add(a.transpose());
}

test('lanczos finds the top eigenpair of a dense symmetric matrix, as QR iterations do', () => {
  const a = symmetric(80, 1);
  const { realEigenvalues } = new EigenvalueDecomposition(a, { assumeSymmetric: true });
  const { value, vector, residual, converged } = lanczos(operator(a), { random: random(2), tolerance: 1e-8 });
  expect(converged).toBe(true);
  expect(value).toBeCloseTo(Math.max(...realEigenvalues), 10);
  expect(norm(vector)).toBeCloseTo(1, 12);
  const image = operator(a)
    .apply(vector)
    .map((x, i) => x - value * vector[i]!);
  expect(norm(image)).toBeCloseTo(residual, 8);
});

test('lanczos takes the largest eigenvalue, not the largest in size', () => {
  expect(lanczos(diagonal([-9, 2, 1]), { random: random(1) }).value).toBeCloseTo(2, 10);
  expect(lanczos(diagonal([-9, -2, -4]), { random: random(1) }).value).toBeCloseTo(-2, 10);
});

test('lanczos ends exactly where the space does, also with one weight, repeated eigenvalues or none but zero', () => {
  expect(lanczos(diagonal([3]), { random: random(1) })).toMatchObject({ value: 3, residual: 0, products: 1 });
  expect(lanczos(diagonal([2, 2, 2]), { random: random(1) })).toMatchObject({ converged: true, products: 1 });
  expect(lanczos(diagonal([0, 0]), { random: random(1) })).toMatchObject({ value: 0, residual: 0, converged: true });
});

test('the error of the value is at most the residual', () => {
  const a = symmetric(60, 3);
  const top = Math.max(...new EigenvalueDecomposition(a, { assumeSymmetric: true }).realEigenvalues);
  for (const maxProducts of [15, 25, 35]) {
    const { value, residual, converged, products } = lanczos(operator(a), {
      random: random(1),
      tolerance: 1e-12,
      maxProducts,
    });
    expect(converged).toBe(false);
    expect(products).toBe(maxProducts);
    expect(Math.abs(value - top)).toBeLessThan(residual);
  }
});

test('a start near the eigenvector saves products; a start at a lower eigenvector does not keep it there', () => {
  const values = [...Array.from({ length: 100 }, (_, i) => i / 100), 2, 3];
  const at = (i: number) => Float64Array.from(values, (_, j) => (i === j ? 1 : 0));
  const from = (start?: Float64Array) => lanczos(diagonal(values), { random: random(4), start });
  expect(from(at(101)).products).toBeLessThan(from().products);
  const escaped = from(at(100));
  expect(escaped.value).toBeCloseTo(3, 3);
  expect(Math.abs(dot(escaped.vector, at(101)))).toBeGreaterThan(0.99);
});

test.each([
  [{ tolerance: 0 }, 'tolerance must be positive and finite, got 0'],
  [{ tolerance: NaN }, 'tolerance must be positive and finite, got NaN'],
  [{ maxProducts: 0 }, 'maxProducts must be a positive integer, got 0'],
  [{ start: new Float64Array(2) }, 'start must hold 3 numbers, got 2'],
])('lanczos refuses %o', (options, message) => {
  expect(() => lanczos(diagonal([1, 2, 3]), { random: random(1), ...options })).toThrow(`lanczos: ${message}`);
});
