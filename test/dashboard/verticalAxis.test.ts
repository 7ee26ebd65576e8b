import { expect, test } from 'vitest';
import { distribution, labels, range, ruled } from '../../dashboard/chart/verticalAxis.js';

const seen = (least: number, greatest: number) => ({ steps: [], values: [], least, greatest });

test('labels have as many digits as the increment, so that no two are alike', () => {
  expect(labels([0, 0.025, 0.05, 0.075], 0.025, 'linear')).toEqual(['0.000', '0.025', '0.050', '0.075']);
  expect(labels([-20, 0, 20], 20, 'linear')).toEqual(['−20', '0', '20']);
  expect(labels([0, 1e6, 2e6], 1e6, 'linear')).toEqual(['0', '1e6', '2e6']);
});

test('an increment far below one still tells labels apart', () => {
  expect(labels([0.001, 0.00125, 0.0015], 0.00025, 'linear')).toEqual(['0.001', '0.00125', '0.0015']);
  expect(labels([0, 1e-8, 2e-8], 1e-8, 'linear')).toEqual(['0', '1e−8', '2e−8']);
});

test('values that differ by rounding only are drawn as the constant they are', () => {
  const [bottom, top] = range(seen(0.05, 0.050000004), 'linear') as [number, number];
  expect(top - bottom).toBeGreaterThan(0.005);
});

test('a logarithm of values that are not all positive passes through zero', () => {
  expect(distribution('log', seen(0.1, 10))).toBe('log');
  expect(distribution('log', seen(0, 10))).toBe('symlog');
  expect(distribution('log', seen(-5, 10))).toBe('symlog');
  expect(distribution('linear', seen(-5, 10))).toBe('linear');
});

test('a logarithmic axis is ruled at powers of ten, and finer where it spans less than two', () => {
  const wide = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
  expect(ruled(wide, 'log').filter((v) => v !== null)).toEqual([0.1, 1, 10, 100]);
  expect(ruled([10, 20, 30, 50, 70, 100], 'log')).toEqual([10, 20, null, 50, null, 100]);
});

test('the axis holds all values, and is of some height when there is one value or none', () => {
  for (const [least, greatest] of [
    [3, 7],
    [-2, 5],
    [4, 4],
    [0, 0],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ] as const) {
    const [bottom, top] = range(seen(least, greatest), 'linear') as [number, number];
    expect(top).toBeGreaterThan(bottom);
    if (least <= greatest) expect(bottom <= least && top >= greatest).toBe(true);
  }
});

test.each([
  [1.7, 1.7],
  [1.7, 1.7000001],
  [0.3, 800],
  [1e-20, 1e30],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
])('a logarithmic axis from %s to %s stays above zero, where its end would never come', (least, greatest) => {
  const [bottom, top] = range(seen(least, greatest), 'log') as [number, number];
  expect(bottom).toBeGreaterThan(0);
  expect(top).toBeGreaterThan(bottom);
  if (least <= greatest) expect(bottom <= least && top >= greatest).toBe(true);
});
