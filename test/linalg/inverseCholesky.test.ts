import { expect, test } from 'vitest';
import { inverseCholesky } from '../../src/linalg/inverseCholesky.js';

test('it is the inverse of the lower factor', () => {
  // [[4, 2, 0], [2, 5, 2], [0, 2, 5]] = L Lᵀ, L = [[2, 0, 0], [1, 2, 0], [0, 1, 2]].
  expect([...inverseCholesky([4, 2, 0, 2, 5, 2, 0, 2, 5], 3, 0)]).toEqual([
    0.5, 0, 0, -0.25, 0.5, 0, 0.125, -0.25, 0.5,
  ]);
});

test('a shift is added to the diagonal', () => {
  expect([...inverseCholesky([3, 2, 2, 4], 2, 1)]).toEqual([0.5, 0, -0.25, 0.5]);
});

test('what rounding has made indefinite is taken for semidefinite', () => {
  // Of [[1, 1], [1, 1 - 0.1]], and with a shift of 0.04 of [[1.04, 1], [1, 1 / 1.04 + 0.04]].
  const [a, zero, b, c] = inverseCholesky([1, 1, 1, 0.9], 2, 0.04);
  expect(a).toBeCloseTo(1.04 ** -0.5, 12);
  expect(zero).toBe(0);
  expect(b).toBeCloseTo(-1 / 1.04 / 0.2, 12);
  expect(c).toBeCloseTo(1 / 0.2, 12);
});
