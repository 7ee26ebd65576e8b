import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { rademacher } from '../../../src/curvature/spectrum/rademacher.js';

test('signs are the bits of the draws, 32 of each, the lowest first', () => {
  const draws = [0b1011 / 2 ** 32, 0.5];
  const signs = rademacher(66, () => draws.shift() ?? 0);
  expect([...signs.subarray(0, 5)]).toEqual([1, 1, -1, 1, -1]);
  expect([...signs.subarray(32, 63)]).toEqual(Array(31).fill(-1));
  expect([...signs.subarray(63)]).toEqual([1, -1, -1]);
});

test('signs are fair in every bit, and independent of their neighbours', () => {
  const n = 32 * 2000;
  const signs = rademacher(n, random(1));
  const within = (sum: number, of: number) => expect(Math.abs(sum)).toBeLessThan(4.5 * Math.sqrt(of));
  for (let bit = 0; bit < 32; bit++) {
    let [sum, beside] = [0, 0];
    for (let i = bit; i < n - 1; i += 32) {
      sum += signs[i]!;
      beside += signs[i]! * signs[i + 1]!;
    }
    within(sum, 2000);
    within(beside, 2000);
  }
});
