import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { extremes } from '../../dashboard/data/extremes.js';

const numbers = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 500 });

test('the least and the greatest of any stretch are kept, and so are both ends', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 60 }), fc.nat(), (values, buckets, start) => {
      const from = start % values.length;
      const kept = extremes(values, from, values.length, buckets);
      const stretch = values.slice(from);
      const chosen = kept.map((i) => values[i]!);
      expect(Math.min(...chosen)).toBe(Math.min(...stretch));
      expect(Math.max(...chosen)).toBe(Math.max(...stretch));
      expect(kept[0]).toBe(from);
      expect(kept.at(-1)).toBe(values.length - 1);
    }),
  );
});

test('indices ascend strictly, two for each bucket and the ends at most', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 60 }), (values, buckets) => {
      const kept = extremes(values, 0, values.length, buckets);
      expect(kept.every((i, k) => k === 0 || i > kept[k - 1]!)).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(2 * (buckets + 1) + 2);
    }),
  );
});

test('a spike of one point among a million survives on a hundred pixels', () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000));
  values[543_210] = 8;
  expect(extremes(values, 0, values.length, 100)).toContain(543_210);
});

test('what a full bucket kept stays kept while values are added behind', () => {
  const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i * i));
  const kept = (to: number) => extremes(values, 0, to, 128).filter((i) => i < 512 && i > 0);
  expect(kept(900)).toEqual(kept(1000));
});
