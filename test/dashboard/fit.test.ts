import { expect, test } from 'vitest';
import { fitOf } from '../../dashboard/chart/fit.js';

test('points on a line give that line', () => {
  const x = [-2, 0, 1, 5];
  const { slope, intercept } = fitOf({ step: 0, x, y: x.map((v) => 1.5 * v - 2) })!;
  expect(slope).toBeCloseTo(1.5, 12);
  expect(intercept).toBeCloseTo(-2, 12);
});

test('the least-squares line through (0, 0), (1, 2), (2, 1) is ½ + ½ x, whatever is not finite beside them', () => {
  const { slope, intercept } = fitOf({ step: 0, x: [0, 1, Number.NaN, 2], y: [0, 2, 4, 1] })!;
  expect(slope).toBeCloseTo(0.5, 12);
  expect(intercept).toBeCloseTo(0.5, 12);
});

test('there is no line through one point, or through points one above another', () => {
  expect(fitOf({ step: 0, x: [1], y: [1] })).toBeUndefined();
  expect(fitOf({ step: 0, x: [1, 1], y: [1, 2] })).toBeUndefined();
});
