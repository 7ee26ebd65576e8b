import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { PRODUCTS_SIZE, products } from '../../../../adapters/cli/study/simplicity/products.js';
import { simplicity } from '../../../../adapters/cli/study/simplicity/simplicity.js';
import type { StudyResult } from '../../../../adapters/cli/study/study.js';
import { studyReport } from '../../../../adapters/cli/study/studyReport.js';

const row = (quantity: string, depth: number, value: number) => ({
  experiment: 'products',
  condition: { network: 'linear, normal', depth },
  quantity,
  unit: '{dimension}',
  value,
  standardError: 0.3,
  values: [value - 0.3, value + 0.3],
});

const result: StudyResult = {
  study: 'simplicity',
  backend: 'cpu',
  quick: false,
  seeds: [4, 5],
  rows: [
    { ...row('weights.effective_rank', 1, 25.5), reference: 25.55 },
    {
      ...row('weights.effective_rank', 2, 21.1),
      difference: { from: { network: 'linear, normal', depth: 1 }, value: -4.4, standardError: 0.02 },
    },
  ],
  criteria: [
    { experiment: 'products', name: 'falls', value: 4.4, standardError: 0.02, relation: '>', bound: 0, passed: true },
    { experiment: 'training', name: 'errs', value: -0.1, relation: '>=', bound: 0.4, passed: false },
  ],
  passed: false,
};
const study = { ...simplicity, identities: [], experiments: () => [products(PRODUCTS_SIZE)] };
const lines = stripVTControlCharacters(studyReport(study, result)).split('\n');

test('a row tells its mean, its error, the difference to what it is compared with, and the reference', () => {
  const at = lines.findIndex((line) => line.startsWith('quantity') && line.includes('from depth 1'));
  expect(lines.slice(at, at + 4)).toEqual([
    'quantity                network         depth   mean  ± s.e.  from depth 1  ± s.e.  reference',
    '─────────────────────────────────────────────────────────────────────────────────────────────',
    'weights.effective_rank  linear, normal      1  25.50    0.30                            25.55',
    '                        linear, normal      2  21.10    0.30        -4.400   0.020',
  ]);
});

test('a criterion that is not met says so, with what was seen and what had to be', () => {
  const at = lines.indexOf('criteria');
  expect(lines.slice(at + 1, at + 5)).toEqual([
    'met      falls',
    '         observed 4.400 ± 0.020, must be > 0',
    'NOT MET  errs',
    '         observed -0.1, must be ≥ 0.4',
  ]);
  expect(lines.at(-1)).toBe('1 of 2 criteria are not met.');
});
