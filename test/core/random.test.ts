import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';

test('the same seeds give the same stream, others another', () => {
  const first = (...seeds: number[]): number[] => {
    const draw = random(...seeds);
    return Array.from({ length: 4 }, draw);
  };
  expect(first(1, 2)).toEqual(first(1, 2));
  expect(first(1, 2)).not.toEqual(first(2, 1));
  expect(first(0, 1)).not.toEqual(first(0, 2));
});

test('a stream goes on from its state, which is a whole number', () => {
  const draw = random(3);
  Array.from({ length: 1000 }, draw);
  const state = draw.state();
  const rest = Array.from({ length: 4 }, draw);
  const other = random(4);
  other.restore(state);
  expect(Array.from({ length: 4 }, other)).toEqual(rest);
  expect(Number.isInteger(state)).toBe(true);
});

test('draws are uniform in [0, 1): mean and variance within 5 standard errors, 16 bins by chi-square', () => {
  const draw = random(42);
  const n = 100_000;
  const values = Array.from({ length: n }, draw);
  const mean = values.reduce((sum, u) => sum + u) / n;
  const variance = values.reduce((sum, u) => sum + (u - 0.5) ** 2, 0) / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  const bins = new Array(16).fill(0);
  for (const u of values) bins[Math.floor(u * 16)]++;
  const chiSquare = bins.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0);
  expect(chiSquare).toBeLessThan(37.7); // 99.9 % of 15 degrees of freedom
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
});
