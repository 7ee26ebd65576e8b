import { expect, test } from 'vitest';
import { singularValuesPlot } from '../../../../adapters/cli/measure/singularValuesPlot.js';

test('singular values are a line of bars a layer, an eighth for each factor of 10, and blank where only noise is left', () => {
  const values = [20, 2.5, 0.3, 4e-3, 1e-7, 1e-8, 0];
  expect(singularValuesPlot([{ layer: 'conv', values }], 80)).toBe('conv  20  ██▇▅     0');
});

test('of many singular values as many are drawn as there is room for, evenly, under the lengths of the longest name', () => {
  const many = Array.from({ length: 1000 }, (_, i) => (i < 500 ? 1 : 0.02));
  const lines = singularValuesPlot(
    [
      { layer: 'a', values: many },
      { layer: 'dense_1', values: [3] },
    ],
    30,
  ).split('\n');
  expect(lines).toEqual([`a        1  ${'█'.repeat(6)}${'▇'.repeat(6)}  0.02`, `dense_1  3  █${' '.repeat(11)}  3`]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
});

test('a layer without features has no bars, and zero at both ends', () => {
  expect(singularValuesPlot([{ layer: 'dead', values: [0, 0] }], 80)).toBe('dead  0      0');
});
