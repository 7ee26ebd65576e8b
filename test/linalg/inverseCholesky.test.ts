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
