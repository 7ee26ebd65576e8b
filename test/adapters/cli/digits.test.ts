import { expect, test } from 'vitest';
import { digits, splitDigits } from '../../../adapters/cli/data/digits.js';

const all = digits();
const images = (set = all) => Array.from({ length: set.count }, (_, i) => set.images.subarray(i * 64, (i + 1) * 64));

/** Over the images of each class: how many, the sum of their pixels, that sum weighted by each pixel's place from 1. */
function byClass() {
  const [counts, sums, weighted] = [0, 0, 0].map(() => Array<number>(10).fill(0)) as [number[], number[], number[]];
  images().forEach((image, n) => {
    const label = all.labels[n]!;
    counts[label]!++;
    image.forEach((value, p) => {
      sums[label]! += value * 16;
      weighted[label]! += value * 16 * (p + 1);
    });
  });
  return { counts, sums, weighted };
}

test('the digits are those of scikit-learn, class by class', () => {
  // Printed by test/reference/digits.py.
  expect(byClass()).toEqual({
    counts: [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    sums: [56415, 57007, 55566, 56151, 56239, 55915, 56336, 54289, 57408, 56392],
    weighted: [1846021, 1874909, 1930918, 1809757, 1885515, 1659307, 2101587, 1536175, 1835088, 1743094],
  });
});

test('pixels are sixteenths from 0 to 1', () => {
  expect(all.count).toBe(1797);
  expect(all.labels).toHaveLength(1797);
  const shades = [...new Set(all.images)].sort((a, b) => a - b);
  expect(shades).toEqual(Array.from({ length: 17 }, (_, i) => i / 16));
});

test('the first digit is a zero', () => {
  // The first two rows of load_digits().data[0].
  expect([...all.images.subarray(0, 16)].map((v) => v * 16)).toEqual([
    0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0,
  ]);
  expect(all.labels[0]).toBe(0);
});

test('splitting loses and doubles no digit, and keeps labels with their images', () => {
  const key = (image: Float32Array, label: number) => `${label}:${image.map((v) => v * 16)}`;
  const keys = (set = all) => images(set).map((image, i) => key(image, set.labels[i]!));
  const { train, test } = splitDigits(all, 0.25, 7);
  expect([train.count, test.count]).toEqual([1348, 449]);
  expect([...keys(train), ...keys(test)].sort()).toEqual(keys().sort());
});

test('the same seed splits alike, another differently', () => {
  const labels = (seed: number) => splitDigits(all, 0.2, seed).test.labels;
  expect(labels(1)).toEqual(labels(1));
  expect(labels(1)).not.toEqual(labels(2));
});

test.each([0, 1, -0.5, NaN])('a test share of %s is refused', (share) => {
  expect(() => splitDigits(all, share)).toThrow(`splitDigits: share must be between 0 and 1, got ${share}`);
});
