import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { topEigenpairs } from '../../../src/curvature/spectrum/topEigenpairs.js';
import { dot } from '../../../src/linalg/dot.js';
import { diagonal, eigenvalues, operator, symmetric } from '../matrices.js';

test('the k largest eigenvalues are those of QR iterations, with orthonormal vectors', () => {
  const a = symmetric(60, 5);
  const pairs = topEigenpairs(operator(a), 5, { random: random(1), tolerance: 1e-9 });
  const expected = eigenvalues(a).reverse().slice(0, 5);
  expect(pairs.map(({ converged }) => converged)).toEqual(Array(5).fill(true));
  pairs.forEach(({ value }, i) => {
    expect(value).toBeCloseTo(expected[i]!, 9);
  });
  for (const [i, { vector }] of pairs.entries()) {
    for (const [j, other] of pairs.entries()) expect(dot(vector, other.vector)).toBeCloseTo(i === j ? 1 : 0, 10);
  }
});

test('repeated eigenvalues are found where few different ones make the space end early', () => {
  const values = (k: number) =>
    topEigenpairs(diagonal([4, 4, 4, 1, 1, 0]), k, { random: random(2), tolerance: 1e-9 }).map(({ value }) => value);
  const all = values(6);
  [4, 4, 4, 1, 1, 0].forEach((value, i) => {
    expect(all[i]).toBeCloseTo(value, 10);
  });
});

test('there are no more pairs than dimensions or products', () => {
  expect(topEigenpairs(diagonal([1, 2]), 5, { random: random(1) })).toHaveLength(2);
  const cut = topEigenpairs(operator(symmetric(40, 2)), 5, { random: random(1), maxProducts: 3, tolerance: 1e-9 });
  expect(cut).toHaveLength(3);
  expect(cut.some(({ converged }) => converged)).toBe(false);
});

test('what is found together starts the next search', () => {
  const a = symmetric(300, 7);
  const options = { tolerance: 1e-3, maxProducts: 200 };
  const cold = topEigenpairs(operator(a), 2, { ...options, random: random(1) });
  const start = cold.map(({ vector }) => vector);
  const warm = topEigenpairs(operator(a), 2, { ...options, random: random(1), start });
  expect(warm[0]!.products).toBeLessThan(cold[0]!.products);
  expect(warm[1]!.value).toBeCloseTo(eigenvalues(a).at(-2)!, 3);
});

test.each([0, 1.5, NaN])('topEigenpairs refuses k = %s', (k) => {
  expect(() => topEigenpairs(diagonal([1]), k, { random: random(1) })).toThrow(
    `topEigenpairs: k must be a positive integer, got ${k}`,
  );
});
