import { expect, test } from 'vitest';
import { checkOptions } from '../../src/core/checkOptions.js';
import { every } from '../../src/core/every.js';
import { sam } from '../../src/interventions/sam.js';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';

const sink = { name: 'sink', write: () => {} };

test('what instrument takes is let through', () => {
  checkOptions({});
  checkOptions({ interventions: [sam()], metrics: [[gradientNorm(), every(2)]], sinks: [sink], reports: every(3) });
});

test.each<[string, object, string]>([
  ['an intervention that is none', { interventions: [sam(), {}] }, 'interventions[1] must be a function'],
  ['interventions without a list', { interventions: sam() }, 'interventions must be a list, got the function'],
  ['a probe without a schedule', { metrics: [gradientNorm()] }, 'metrics[0] must be a pair [probe, schedule]'],
  ['a pair without a schedule', { metrics: [[gradientNorm()]] }, 'metrics[0] must be a pair [probe, schedule]'],
  ['a number for a schedule', { metrics: [[gradientNorm(), 5]] }, 'got [{ name, measures, measure }, 5]'],
  [
    'a probe that was not called',
    { metrics: [[gradientNorm, every(1)]] },
    'got [the function gradientNorm, { due, first }]',
  ],
  ['a sink that is not there', { sinks: [undefined] }, 'sinks[0] must be an object with name and write'],
  ['a sink that cannot be written to', { sinks: [{ name: 'sink' }] }, 'got { name }'],
  ['sinks without a list', { sinks: sink }, 'sinks must be a list, got { name, write }'],
  ['a number for the schedule of reports', { reports: 5 }, 'reports must be a schedule, such as every(10), got 5'],
])('%s is refused with a remedy', (_, options, message) => {
  expect(() => checkOptions(options as never)).toThrow(message);
});

test('options that are none are refused', () => {
  expect(() => checkOptions(null as never)).toThrow('instrument: options must be an object, got null');
});
