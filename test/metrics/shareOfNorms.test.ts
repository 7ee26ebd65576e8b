import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { shareOfNorms } from '../../src/metrics/shareOfNorms.js';

test('shareOfNorms is the root of the ratio of the sums', () => {
  expect(shareOfNorms([1, 3], [4, 12], true)).toEqual({ value: 0.5, standardError: 0 });
});

test('shareOfNorms of two that keep step has no error, however both scatter', () => {
  expect(shareOfNorms([1, 9, 4], [2, 18, 8], false)).toEqual({ value: Math.SQRT1_2, standardError: 0 });
});

test('shareOfNorms of nothing is 0, of a share of nothing NaN', () => {
  expect(shareOfNorms([0, 0], [1, 2], false)).toEqual({ value: 0, standardError: 0 });
  expect(shareOfNorms([0, 0], [0, 0], false).value).toBeNaN();
});

test('the standard error of shareOfNorms is how far repeated draws scatter', () => {
  const draw = random(7);
  const found = Array.from({ length: 2000 }, () => {
    const b = Array.from({ length: 50 }, () => 2 + draw());
    return shareOfNorms(
      b.map((x) => 0.1 * x + 0.05 * draw()),
      b,
      false,
    );
  });
  const mean = found.reduce((sum, { value }) => sum + value, 0) / found.length;
  const scatter = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / found.length);
  const claimed = found.reduce((sum, { standardError }) => sum + standardError, 0) / found.length;
  expect(claimed / scatter).toBeGreaterThan(0.93);
  expect(claimed / scatter).toBeLessThan(1.07);
});
