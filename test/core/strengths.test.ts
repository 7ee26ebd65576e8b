import { expect, test } from 'vitest';
import { cosine } from '../../src/core/cosine.js';
import { piecewise } from '../../src/core/piecewise.js';
import { warmUp } from '../../src/core/warmUp.js';

const at = (strength: (step: number) => number, steps: readonly number[]): number[] => steps.map(strength);

test('warmUp rises evenly from 0 and stays', () => {
  expect(at(warmUp(4, 0.5), [0, 1, 2, 4, 100])).toEqual([0, 0.125, 0.25, 0.5, 0.5]);
});

test('warmUp goes on as a strength does, whose steps it counts from its end', () => {
  const strength = warmUp(2, piecewise([0, 0.5], [3, 0.1]));
  expect(at(strength, [0, 1, 2, 4, 5])).toEqual([0, 0.25, 0.5, 0.5, 0.1]);
});

test('cosine goes from one value to the other along half a cosine, and stays', () => {
  const values = at(cosine({ from: 3, to: 1, steps: 6 }), [0, 2, 3, 4, 6, 7]);
  [3, 2.5, 2, 1.5, 1, 1].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 12));
  expect(cosine({ from: 1, steps: 10 })(10)).toBe(0);
});

test('piecewise is constant from each step to the next', () => {
  expect(at(piecewise([0, 1], [10, 2], [20, 0]), [0, 9, 10, 19, 20, 99])).toEqual([1, 1, 2, 2, 0, 0]);
});

test('strengths over steps refuse what makes none', () => {
  expect(() => warmUp(0, 1)).toThrow('warmUp: steps must be a whole number >= 1, got 0');
  expect(() => cosine({ from: 1, steps: 1.5 })).toThrow('cosine: steps must be a whole number >= 1, got 1.5');
  expect(() => cosine({ from: -1, steps: 1 })).toThrow('cosine: from must be >= 0 and finite, got -1');
  expect(() => cosine({ from: 1, to: Number.NaN, steps: 1 })).toThrow('cosine: to must be >= 0 and finite, got NaN');
  expect(() => piecewise()).toThrow('piecewise: must begin at step 0, got undefined');
  expect(() => piecewise([1, 1])).toThrow('piecewise: must begin at step 0, got 1');
  expect(() => piecewise([0, 1], [5, 1], [5, 2])).toThrow('piecewise: steps must ascend, got 5 after 5');
  expect(() => piecewise([0, Number.NaN])).toThrow('piecewise: values must be >= 0, got NaN at step 0');
});
