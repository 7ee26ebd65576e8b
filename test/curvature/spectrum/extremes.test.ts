import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { extremes } from '../../../src/curvature/spectrum/extremes.js';
import { diagonal, eigenvalues, operator, symmetric } from '../matrices.js';

test('both ends of a dense symmetric matrix are those of QR iterations, with their residuals', () => {
  const a = symmetric(80, 1);
  const known = eigenvalues(a);
  const { top, bottom, products } = extremes(operator(a), { random: random(2), tolerance: 1e-8, maxProducts: 80 });
  for (const [pair, value] of [
    [top, known.at(-1)!],
    [bottom, known[0]!],
  ] as const) {
    expect(pair.converged).toBe(true);
    expect(pair.value).toBeCloseTo(value, 10);
    const image = operator(a).apply(pair.vector);
    expect(Math.hypot(...image.map((x, i) => x - pair.value * pair.vector[i]!))).toBeCloseTo(pair.residual, 8);
    expect(pair.products).toBe(products);
  }
});

test('an end that has not converged within the products says so, and is off by its residual at most', () => {
  const values = [-9, ...Array.from({ length: 200 }, (_, i) => 5 + i / 200)];
  const { top, bottom } = extremes(diagonal(values), { random: random(1), tolerance: 1e-5, maxProducts: 8 });
  expect(bottom).toMatchObject({ converged: true, products: 8 });
  expect(bottom.value).toBeCloseTo(-9, 8);
  expect(top.converged).toBe(false);
  expect(5 + 199 / 200 - top.value).toBeLessThan(top.residual);
});

test.each(['residual', 'error'] as const)(
  'the edge of a bulk that is met late is not taken for the bottom, by the %s',
  (until) => {
    const bulk = Array.from({ length: 300 }, (_, i) => Math.sin(i));
    const values = [100, -4, ...bulk];
    const start = Float64Array.from(values, (_, i) => (i === 0 ? 1 : i === 1 ? 2e-4 : 1e-2));
    const { top, bottom } = extremes(diagonal(values), { random: random(1), start, until });
    expect(top.value).toBeCloseTo(100, 2);
    expect(bottom.converged).toBe(true);
    expect(Math.abs(bottom.value + 4)).toBeLessThan(0.01 * 100);
  },
);

test('a matrix of one weight, and one of zeros, are their own ends', () => {
  expect(extremes(diagonal([3]), { random: random(1) })).toMatchObject({ top: { value: 3 }, bottom: { value: 3 } });
  const { top, bottom } = extremes(diagonal([0, 0, 0]), { random: random(1) });
  expect([top.value, bottom.value]).toEqual([0, 0]);
});

test('extremes refuses what lanczos refuses, in its own name', () => {
  expect(() => extremes(diagonal([1]), { random: random(1), tolerance: 0 })).toThrow('extremes: tolerance must be');
});
