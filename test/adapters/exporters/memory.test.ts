import { expect, test } from 'vitest';
import { memory } from '../../../adapters/exporters/memory.js';
import type { Measurement, RunInfo } from '../../../src/core/watching.js';
import { testSink } from '../../conformance/testSink.js';

const run: RunInfo = { id: '1', name: 'run', started: 0 };
const measurement = (step: number, value: Measurement['value'] = step): Measurement => ({
  name: 'train.loss',
  unit: '1',
  step,
  value,
  attributes: {},
});

testSink({
  name: 'memory',
  keeps: 'all',
  make() {
    const sink = memory();
    const numbers = () =>
      sink.measurements.flatMap(({ name, value }) => (typeof value === 'number' ? [{ name, value }] : []));
    return { sink, read: async () => numbers() };
  },
});

test('memory drops the oldest beyond its limit and counts them', () => {
  const kept = memory({ limit: 3 });
  kept.write(
    [0, 1].map((step) => measurement(step)),
    run,
  );
  kept.write(
    [2, 3, 4].map((step) => measurement(step)),
    run,
  );
  expect(kept.values('train.loss')).toEqual([2, 3, 4]);
  expect(kept.dropped()).toBe(2);
});

test('memory keeps point sets, which are no values', () => {
  const kept = memory();
  kept.write([measurement(0, { x: [1], y: [2] }), measurement(1)], run);
  expect(kept.measurements.map((m) => m.value)).toEqual([{ x: [1], y: [2] }, 1]);
  expect(kept.values('train.loss')).toEqual([1]);
});

test('memory keeps failures', () => {
  const kept = memory();
  const failure = { source: 'probe', step: 3, error: new Error('no'), off: false };
  kept.failure?.(failure, run);
  expect(kept.failures).toEqual([failure]);
});

test.each([0, -1, 1.5, NaN])('memory refuses a limit of %s', (limit) => {
  expect(() => memory({ limit })).toThrow(`memory: limit must be a whole number above 0, got ${limit}`);
});
