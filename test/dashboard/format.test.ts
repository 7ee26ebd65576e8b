import { expect, test } from 'vitest';
import { formatDuration, formatError, formatNumber } from '../../dashboard/catalogue/format.js';
import { inWords, unitInWords } from '../../dashboard/catalogue/words.js';

test.each([
  [0.0943871, '0.09439'],
  [128.437, '128.4'],
  [123_456.7, '123457'],
  [-16.73123, '−16.73'],
  [0.05, '0.05'],
  [0, '0'],
  [1850, '1\u202f850'],
  [1.2345e-7, '1.23e−7'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '−∞'],
  [undefined, '–'],
])('%s is read as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('a standard error has two digits', () => {
  expect([8.7123, 0.012345, 123].map(formatError)).toEqual(['8.7', '0.012', '120']);
});

test('a duration is read as on a clock', () => {
  expect([0, 7_900, 754_000, 10_921_000].map(formatDuration)).toEqual(['0:00', '0:07', '12:34', '3:02:01']);
});

test('units lose the braces of UCUM, and 1 is no unit', () => {
  expect(['1', 'ms', '{gradient}', '{example}/s'].map(unitInWords)).toEqual(['', 'ms', 'gradient', 'example/s']);
});

test('a metric that nobody has put in words is called by its own name', () => {
  expect([inWords('hessian.top_eigenvalue'), inWords('pgdl.margin_median')]).toEqual(['λ max', 'margin median']);
});
