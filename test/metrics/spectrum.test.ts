import { expect, test } from 'vitest';
import { spectrum } from '../../src/metrics/spectrum.js';

const squares = (s: readonly number[]) => Float64Array.from(s, (v) => v * v);
const of = (...s: number[]) => spectrum(squares(s), 0.99);

test('spectrum of singular values 10, 1, 0.5 has rank 2 at 99 %', () => {
  expect(of(10, 1, 0.5).rank).toBe(2);
});

test('spectrum reaches its threshold where exactly so much is held', () => {
  expect(spectrum(squares([1, 1]), 0.5).rank).toBe(1);
});

test('spectrum of n equal singular values has the effective and the stable rank n', () => {
  const { rank, effectiveRank, spectralEntropy, stableRank } = of(3, 3, 3, 3, 3);
  expect(rank).toBe(5);
  expect(effectiveRank).toBeCloseTo(5, 12);
  expect(spectralEntropy).toBeCloseTo(Math.log(5), 12);
  expect(stableRank).toBeCloseTo(5, 12);
});

test('spectrum of singular values 3, 1 has the entropy of (¾, ¼)', () => {
  const { spectralEntropy, effectiveRank, stableRank } = of(3, 1);
  expect(spectralEntropy).toBeCloseTo(2 * Math.log(2) - 0.75 * Math.log(3), 12);
  expect(effectiveRank).toBeCloseTo(4 / 3 ** 0.75, 12);
  expect(stableRank).toBeCloseTo(10 / 9, 12);
});

test('spectrum of a single direction is 1 throughout, zeros beside it or not', () => {
  for (const found of [of(7), of(7, 0, 0)]) {
    expect(found).toEqual({ rank: 1, effectiveRank: 1, spectralEntropy: 0, stableRank: 1 });
  }
});

test('spectrum of nothing is 0 throughout', () => {
  for (const found of [of(), of(0, 0, 0)]) {
    expect(found).toEqual({ rank: 0, effectiveRank: 0, spectralEntropy: 0, stableRank: 0 });
  }
});
