import { expect, test } from 'vitest';
import { shuffled } from '../../../adapters/cli/data/shuffled.js';
import { wrongLabels } from '../../../adapters/cli/data/wrongLabels.js';
import { random } from '../../../src/core/random.js';

const right = Uint8Array.from({ length: 9000 }, (_, i) => i % 10);
const wrongOf = (share: number): number[] => {
  const labels = wrongLabels(right, share, 10, random(3));
  return [...labels.keys()].filter((i) => labels[i] !== right[i]);
};

test.each([0, 0.2, 0.60003, 1])('a share of %s is wrong, to the nearest label', (share) => {
  expect(wrongOf(share)).toHaveLength(Math.round(9000 * share));
});

test('a wrong label is each of the other classes as often', () => {
  const labels = wrongLabels(right, 1, 10, random(4));
  const shifts = labels.map((label, i) => (label - right[i]! + 10) % 10);
  for (let shift = 1; shift < 10; shift++) {
    // 1,000 expected of 9,000: four standard errors of √(9,000 · 1/9 · 8/9), 29.8.
    expect(Math.abs(shifts.filter((s) => s === shift).length - 1000)).toBeLessThan(4 * 29.8);
  }
});

test('the wrong labels of a smaller share are among those of a larger', () => {
  const more = new Set(wrongOf(0.4));
  expect(wrongOf(0.2).every((i) => more.has(i))).toBe(true);
});

test('labels are as they were', () => {
  wrongLabels(right, 1, 10, random(5));
  expect([...right]).toEqual(Array.from({ length: 9000 }, (_, i) => i % 10));
});

test.each([-0.1, 1.1, NaN])('a share of %s is refused', (share) => {
  expect(() => wrongLabels(right, share, 10, random(0))).toThrow(
    `wrongLabels: share must be from 0 to 1, got ${share}`,
  );
});

test('an order has everything once, each place as likely', () => {
  const first = new Array<number>(4).fill(0);
  for (let seed = 0; seed < 4000; seed++) {
    const order = shuffled(4, random(seed));
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
    first[order[0]!]!++;
  }
  // Four standard errors of √(4,000 · 1/4 · 3/4), 27.4.
  for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(4 * 27.4);
});
