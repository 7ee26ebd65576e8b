import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { figures, rounded } from '../../../../adapters/cli/measure/figures.js';
import type { Measured } from '../../../../adapters/cli/measure/measured.js';
import { withResiduals } from '../../../../adapters/cli/measure/measured.js';
import { measuredTable } from '../../../../adapters/cli/measure/measuredTable.js';

test.each([
  [12.34567, 0.0123, '12.346', '0.012'],
  [-1.2007, 0.00259, '-1.2007', '0.0026'],
  [10.46, 1.87, '10.5', '1.9'],
  [1234.5, 56, '1235', '56'],
  [-0.00006, 3, '0.0', '3.0'],
  [1.23456e-5, 1.2e-7, '1.235e-5', '1.2e-7'],
  [3.2e9, 4e7, '3.200e+9', '4.0e+7'],
  [0.0020000001, 2.1e-8, '0.002000000', '2.1e-8'],
  [1.234567, 2e-7, '1.234567', '2.0e-7'],
  [2, 0, '2', '0'],
  [Number.NaN, 1, 'NaN', '1'],
])('%s ± %s is written %s ± %s', (value, error, expected, expectedError) => {
  expect(figures(value, error)).toEqual({ value: expected, error: expectedError });
});

test.each([
  [0.01858372, '0.01858'],
  [12, '12'],
  [0, '0'],
  [0.000123456, '1.235e-4'],
  [123456789.5, '1.235e+8'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%s without an error is written %s', (value, expected) => {
  expect(rounded(value)).toBe(expected);
});

const measured = (name: string, value: number, more: Partial<Measured> = {}): Measured => ({
  name,
  unit: '1',
  value,
  attributes: {},
  ...more,
});

const shared = { ms: 1234, gradients: 21 };
const measurements = [
  measured('train.loss', 0.25, { cost: { ms: 20, gradients: 1 } }),
  measured('hessian.top_eigenvalue', 12.34567, { residual: 0.0123, cost: { ms: 90, gradients: 8 } }),
  measured('hessian.trace', 45.6, { standardError: 1.87, cost: shared }),
  measured('nme.trace', -3.1, { standardError: 0.9, attributes: { converged: false }, cost: { ms: 0, gradients: 0 } }),
  measured('features.rank', 12, { attributes: { layer: 'conv' } }),
  measured('features.density', 0.5, { attributes: { layer: 'conv' } }),
  measured('features.rank', 31, { attributes: { layer: 'dense' } }),
];

const table = (width: number): string => stripVTControlCharacters(measuredTable(measurements, width));

test('the table groups by name, aligns, and gives each value the digits of its error', () => {
  expect(table(120)).toBe(
    [
      'metric                  of      value       ±  gradients   time',
      '───────────────────────────────────────────────────────────────',
      'train.loss                       0.25                  1  20 ms',
      '',
      'hessian.top_eigenvalue         12.346   0.012          8  90 ms',
      'hessian.trace                    45.6     1.9         21  1.2 s',
      '',
      'nme.trace                       -3.10  0.90 ?',
      '',
      'features.rank           conv       12',
      '                        dense      31',
      'features.density        conv      0.5',
    ].join('\n'),
  );
});

test('where the terminal is narrow, costs are left out, and no line is longer', () => {
  expect(
    Math.max(
      ...table(60)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(60);
  expect(table(60)).not.toContain('20 ms');
  expect(table(60)).toContain('12.346');
  expect(table(10)).toContain('12.346');
});

test('where that is not enough, a long name of a layer loses its middle', () => {
  const layer = 'encoder_with_a_long_name/block_12';
  const lines = (width: number): string[] =>
    stripVTControlCharacters(measuredTable([measured('features.rank', 12, { attributes: { layer } })], width)).split(
      '\n',
    );
  expect(lines(80).at(-1)).toBe(`features.rank  ${layer}     12`);
  expect(lines(36).at(-1)).toBe('features.rank  encode…lock_12     12');
});

test('an eigenvalue has its residual beside it, in its own unit', () => {
  const step = 0;
  const cost = { ms: 1, gradients: 2 };
  const of = (name: string, value: number) => ({ name, unit: '1', step, value, attributes: {}, cost });
  const read = withResiduals([
    of('hessian.bottom_eigenvalue', -4),
    of('hessian.bottom_eigenvalue_residual', 0.01),
    of('x', 1),
  ]);
  expect(read).toEqual([
    { name: 'hessian.bottom_eigenvalue', unit: '1', value: -4, attributes: {}, cost, residual: 0.04 },
    { name: 'x', unit: '1', value: 1, attributes: {}, cost },
  ]);
});
