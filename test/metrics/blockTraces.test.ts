import { expect, test } from 'vitest';
import { blockTraces } from '../../src/metrics/blockTraces.js';

const names = ['model/a/kernel', 'model/a/bias', 'model/b/kernel', 'scale'];

test('blockTraces sums the parameters of a layer, sample by sample, before it takes their spread', () => {
  const found = blockTraces(names, [[1, 5, 7, 0], [5, 1, 9, 2]], 'layer', false); // biome-ignore format: a row a sample
  expect([...found]).toEqual([
    ['model/a', { value: 6, standardError: 0 }],
    ['model/b', { value: 8, standardError: 1 }],
    ['scale', { value: 1, standardError: 1 }],
  ]);
});

test('blockTraces of unit vectors are sums, without an error', () => {
  const found = blockTraces(names, [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0]], 'parameter', true); // biome-ignore format: a row a sample
  expect([...found.values()]).toEqual([1, 2, 3, 0].map((value) => ({ value, standardError: 0 })));
});
