import { expect, test } from 'vitest';
import { tracesByBlock } from '../../src/metrics/tracesByBlock.js';

const owners = ['a', 'a', 'b', 'scale'];

test('tracesByBlock sums the parameters of a layer, sample by sample, before it takes their spread', () => {
  const found = tracesByBlock(owners, [[1, 5, 7, 0], [5, 1, 9, 2]], false); // biome-ignore format: a row a sample
  expect([...found]).toEqual([
    ['a', { value: 6, standardError: 0 }],
    ['b', { value: 8, standardError: 1 }],
    ['scale', { value: 1, standardError: 1 }],
  ]);
});

test('tracesByBlock of unit vectors are sums, without an error', () => {
  const found = tracesByBlock(['w', 'x', 'y', 'z'], [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0]], true); // biome-ignore format: a row a sample
  expect([...found.values()]).toEqual([1, 2, 3, 0].map((value) => ({ value, standardError: 0 })));
});
