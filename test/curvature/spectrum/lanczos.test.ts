import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { lanczos } from '../../../src/curvature/spectrum/lanczos.js';
import { norm } from '../../../src/curvature/spectrum/weightSpace.js';
import { dot } from '../../../src/linalg/dot.js';
import { diagonal, eigenvalues, operator, symmetric } from '../matrices.js';

test('lanczos finds the top eigenpair of a dense symmetric matrix, as QR iterations do', () => {
  const a = symmetric(80, 1);
  const { value, vector, residual, converged } = lanczos(operator(a), { random: random(2), tolerance: 1e-8 });
  expect(converged).toBe(true);
  expect(value).toBeCloseTo(eigenvalues(a).at(-1)!, 10);
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
  const top = eigenvalues(a).at(-1)!;
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

test('in many dimensions what overtook is found, at once if it stands out, else in a later search', () => {
  const searches = (bulk: number): number[] => {
    const values = [8, 10, ...Array.from({ length: 20_000 }, (_, i) => bulk * Math.sin(i))];
    const stream = random(3);
    let start: Float64Array = new Float64Array(values.length);
    start[0] = 1;
    return Array.from({ length: 5 }, () => {
      const found = lanczos(diagonal(values), { random: stream, start });
      start = found.next;
      return found.value;
    });
  };
  expect(Math.abs(searches(0.01)[0]! - 10)).toBeLessThan(0.1);
  const [first, ...later] = searches(1);
  expect(Math.abs(first! - 8)).toBeLessThan(0.1);
  expect(Math.abs(later.at(-1)! - 10)).toBeLessThan(0.1);
});

test('several starts count alike, whatever their lengths', () => {
  const values = [...Array.from({ length: 100 }, (_, i) => i / 100), 2, 3];
  const at = (i: number, length: number) => Float64Array.from(values, (_, j) => (i === j ? length : 0));
  const from = (...lengths: number[]) =>
    lanczos(diagonal(values), { random: random(4), start: lengths.map((length, i) => at(101 - i, length)) });
  expect(from(1, 1).products).toBeLessThan(from().products);
  expect(from(1000, 0.001).value).toBeCloseTo(from(1, 1).value, 12);
});

test('until the error is small takes fewer products than until the residual is, and the error is what it says', () => {
  const values = [...Array.from({ length: 300 }, (_, i) => Math.sin(i)), 5, 9];
  const until = (what: 'error' | 'residual') =>
    lanczos(diagonal(values), { random: random(2), tolerance: 1e-6, until: what });
  const [early, late] = [until('error'), until('residual')];
  expect(early.products).toBeLessThan(late.products);
  expect(9 - early.value).toBeLessThanOrEqual(early.error);
  expect(early.error).toBeLessThanOrEqual(9e-6);
  expect(early.residual).toBeGreaterThan(9e-6);
});

test('an operator may hand back the very vector it was given', () => {
  const identity = { dimension: 4, cost: 1, apply: (v: Float64Array) => v };
  expect(lanczos(identity, { random: random(1) })).toMatchObject({ value: 1, converged: true });
});

test.each([
  [{ tolerance: 0 }, 'tolerance must be positive and finite, got 0'],
  [{ tolerance: NaN }, 'tolerance must be positive and finite, got NaN'],
  [{ maxProducts: 0 }, 'maxProducts must be a positive integer, got 0'],
  [{ start: new Float64Array(2) }, 'start must hold 3 numbers, got 2'],
  [{ start: [new Float64Array(3), new Float64Array(4)] }, 'start must hold 3 numbers, got 4'],
  [{ until: 'soon' as 'error' }, "until must be 'residual' or 'error', got soon"],
])('lanczos refuses %o', (options, message) => {
  expect(() => lanczos(diagonal([1, 2, 3]), { random: random(1), ...options })).toThrow(`lanczos: ${message}`);
});
