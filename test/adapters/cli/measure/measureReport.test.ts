import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { measureReport } from '../../../../adapters/cli/measure/measureReport.js';

const result = { model: 'm.json', parameters: 1, data: 'd.npz', examples: 1, loss: 'l', mode: 'inference' } as const;

const said = (name: string, verdict: string, value = 0): string => {
  const cost = { ms: 1, gradients: 7 };
  const check = { name, unit: '1', step: 0, value, attributes: { verdict }, cost };
  const text = measureReport({ ...result, backend: 'cpu', seed: 0, measurements: [check], failures: [] }, 80);
  return stripVTControlCharacters(text).split('\n').at(-1)!;
};

test('the report says in words what the self-check found', () => {
  expect(said('curvature.self_check', 'agrees')).toBe('curvature agrees with finite differences');
  expect(said('curvature.self_check', 'kinked')).toMatch(/^curvature cannot be compared .* kinks nearby$/);
  expect(said('gradient.self_check', 'wrong', 0.53)).toBe(
    'gradient is wrong: it differs from finite differences by 53 %',
  );
  expect(said('gradient.self_check', 'untrainable')).toMatch(/^gradient agrees .* cannot train this model$/);
});
