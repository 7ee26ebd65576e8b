import { expect, test } from 'vitest';
import { drain, type Within } from '../../src/core/drain.js';
import type { Measurement, RunInfo, Sink } from '../../src/core/watching.js';

const run: RunInfo = { id: 'r', name: 'run', started: 0 };
const measurement = (step: number): Measurement => ({ name: 'm', unit: '1', step, value: step, attributes: {} });
const steps = (batch: readonly Measurement[]): number[] => batch.map(({ step }) => step);
const failing = () => {
  const failures: string[] = [];
  const within: Within = (_, promise) => promise.then(() => true);
  const failed = (source: string, error: unknown, off = false) => failures.push(`${source} ${error} ${off}`);
  return { failures, failed, within };
};

test('a synchronous sink is served at once, in order', () => {
  const written: number[][] = [];
  const { push } = drain({ name: 's', write: (batch) => void written.push(steps(batch)) }, run, failing());
  push([measurement(0), measurement(1)]);
  push([measurement(2)]);
  expect(written).toEqual([[0, 1], [2]]);
});

test('a slow sink gets one call at a time, the newest within the limit, and the rest is counted', async () => {
  const written: number[][] = [];
  let release = () => {};
  const sink: Sink = {
    name: 'slow',
    write: (batch) => {
      written.push(steps(batch));
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    },
  };
  const { push, dropped, close } = drain(sink, run, { limit: 3, ...failing() });
  for (let step = 0; step < 10; step++) push([measurement(step)]);
  expect(written).toEqual([[0]]);
  expect(dropped()).toBe(6);
  release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual([[0], [7, 8, 9]]);
  release();
  await close();
});

test('a rejection is a failure, and the third in a row switches the sink off for good', async () => {
  const { failures, ...told } = failing();
  let calls = 0;
  const sink: Sink = { name: 's', write: () => Promise.reject(new Error(`no ${calls++}`)) };
  const { push } = drain(sink, run, told);
  for (let step = 0; step < 5; step++) {
    push([measurement(step)]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(calls).toBe(3);
  expect(failures).toEqual([
    ...[0, 1, 2].map((n) => `s Error: no ${n} false`),
    's Error: switched off after 3 failures in a row true',
  ]);
});

test('a sink that serves two runs is told of the end of each, and closed with the last', async () => {
  const told: string[] = [];
  const sink: Sink = {
    name: 's',
    write() {},
    end: ({ id }) => void told.push(`end ${id}`),
    close: () => void told.push('close'),
  };
  const [a, b] = ['a', 'b'].map((id) => drain(sink, { ...run, id }, failing()));
  await a!.close();
  await b!.close();
  expect(told).toEqual(['end a', 'end b', 'close']);
});

test('a sink that never finishes is waited for only so long, and what it did not take is told', async () => {
  const { failures, failed } = failing();
  const waited: number[] = [];
  const late: Within = async (ms) => waited.push(ms) < 0;
  const { push, close } = drain({ name: 's', write: () => new Promise<void>(() => {}) }, run, { failed, within: late });
  push([measurement(0)]);
  push([measurement(1), measurement(2)]);
  await close();
  expect(waited).toEqual([10_000]);
  expect(failures).toEqual(['s Error: had not finished 10 s after the end; 2 measurements are lost false']);
});
