import { expect, test } from 'vitest';
import { crossed } from '../../../../adapters/cli/study/crossed.js';

test('a condition for every combination of values, the last factor taking turns first', () => {
  expect(crossed({ network: ['plain', 'wide'], depth: [1, 2, 4] })).toEqual([
    { network: 'plain', depth: 1 },
    { network: 'plain', depth: 2 },
    { network: 'plain', depth: 4 },
    { network: 'wide', depth: 1 },
    { network: 'wide', depth: 2 },
    { network: 'wide', depth: 4 },
  ]);
});

test('no condition where a factor has no value, and the empty one of no factors', () => {
  expect(crossed({ network: ['plain'], depth: [] })).toEqual([]);
  expect(crossed({})).toEqual([{}]);
});
