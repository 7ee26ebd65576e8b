import { expect, test } from 'vitest';
import { criterion, type Relation } from '../../../../adapters/cli/study/criterion.js';

test.each<[number, Relation, number, boolean]>([
  [1, '<', 1, false],
  [1, '<=', 1, true],
  [1, '>', 1, false],
  [1, '>=', 1, true],
  [0.9, '<', 1, true],
  [0.9, '>=', 1, false],
  [Number.NaN, '<', 1, false],
  [Number.NaN, '>=', 1, false],
])('%s %s %s is %s', (value, relation, bound, passed) => {
  expect(criterion('a bound', { value }, relation, bound).passed).toBe(passed);
});

test('a mean is held to its bound whatever its error', () => {
  const missed = criterion('a bound', { value: 0.39, standardError: 1 }, '>=', 0.4);
  expect(missed).toEqual({
    name: 'a bound',
    value: 0.39,
    standardError: 1,
    relation: '>=',
    bound: 0.4,
    passed: false,
  });
});
