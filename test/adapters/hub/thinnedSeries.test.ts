import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinnedSeries } from '../../../adapters/hub/thinnedSeries.js';

const filled = (capacity: number, values: readonly number[]) => {
  const series = thinnedSeries(capacity);
  values.forEach((value, step) => series.push(step, value, step / 2));
  return series;
};

test('a spike of one step among a million stays, at its step', () => {
  const values = Array.from({ length: 1_000_000 }, (_, step) => Math.sin(step / 5000));
  values[543_210] = 8;
  values[123_457] = -9;
  const series = filled(4096, values);
  const steps = [...series.steps()];
  expect(series.length).toBeLessThanOrEqual(4096);
  expect(series.values()[steps.indexOf(543_210)]).toBe(8);
  expect(series.values()[steps.indexOf(123_457)]).toBe(-9);
});

test('within its capacity a series is kept whole', () => {
  const values = Array.from({ length: 1000 }, (_, step) => step % 7);
  expect([...filled(1000, values).values()]).toEqual(values);
});

test('whatever comes, the bound holds, the extremes stay, order is kept and rows stay together', () => {
  const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 40 }), fc.array(value, { maxLength: 500 }), (capacity, values) => {
      const series = filled(capacity, values);
      const [steps, kept, errors] = [[...series.steps()], [...series.values()], [...series.standardErrors()]];
      expect(kept.length).toBeLessThanOrEqual(capacity);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      expect(kept).toEqual(steps.map((step) => values[step]));
      expect(errors).toEqual(steps.map((step) => step / 2));
      const numbers = (all: readonly number[]) => all.filter((v) => !Number.isNaN(v));
      expect(Math.max(...numbers(kept))).toBe(Math.max(...numbers(values)));
      expect(Math.min(...numbers(kept))).toBe(Math.min(...numbers(values)));
      expect(kept.some(Number.isNaN)).toBe(values.some(Number.isNaN));
      expect(kept.at(-1)).toBe(values.at(-1));
    }),
    { seed: 3, numRuns: 300 },
  );
});
