import { expect, test } from 'vitest';
import { estimate, leastOf, pairedDifference } from '../../../../adapters/cli/study/estimate.js';

test('the standard error of 1, 2, 3, 4 is √(5/3)/2', () => {
  const { value, standardError } = estimate([1, 2, 3, 4]);
  expect(value).toBe(2.5);
  expect(standardError).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
});

test('one value has no error', () => {
  expect(estimate([7])).toEqual({ value: 7 });
});

test('what pairs share cancels from their difference', () => {
  // Differences 1, 0, 3 about 4/3: their squares are 42/9, over n − 1 = 2 and n = 3.
  const { value, standardError } = pairedDifference([101, 202, 1004], [100, 202, 1001]);
  expect(value).toBeCloseTo(4 / 3, 12);
  expect(standardError).toBeCloseTo(Math.sqrt(42 / 9 / 2 / 3), 12);
});

test('pairs that are not complete are refused', () => {
  expect(() => pairedDifference([1, 2], [1])).toThrow('pairs need as many of both, got 2 and 1');
});

test('the least of estimates keeps its error', () => {
  expect(leastOf([{ value: 2 }, { value: -1, standardError: 0.5 }, { value: 3 }])).toEqual({
    value: -1,
    standardError: 0.5,
  });
});
