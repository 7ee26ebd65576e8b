import { firstValueFrom, from, map, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { every } from '../../src/core/every.js';
import { openLedger } from '../../src/core/ledger.js';
import { probe } from '../../src/core/probe.js';
import type { Probe, Reading, Step } from '../../src/core/watching.js';

/** Steps with a clock that advances one millisecond a reading, and the failures they were told of. */
function stepsWith(indices: readonly number[]) {
  let time = 0;
  const failures: [string, string, boolean][] = [];
  const ledger = openLedger(
    () => time++,
    (source, error, off = false) => failures.push([source, (error as Error).message, off]),
  );
  return { failures, ledger, steps: from(indices).pipe(map((index) => ({ index, ledger }) as unknown as Step)) };
}

const named = (measure: (step: Step) => readonly Reading[]): Probe => ({
  name: 'p',
  measures: [{ name: 'm', unit: 'ms' }],
  measure,
});

test('a probe measures at the steps that are due, and stamps unit, step and cost', async () => {
  const { steps, ledger } = stepsWith([0, 1, 2, 3, 4]);
  const measured = named(({ index, ledger: { evaluated } }) => {
    evaluated(2);
    return [{ name: 'm', value: index * 10, standardError: 1 }];
  });
  const out = await firstValueFrom(steps.pipe(probe(measured, every(2)), toArray()));
  const cost = { ms: 1, gradients: 2 };
  expect(out.filter(({ name }) => name === 'm')).toEqual(
    [0, 2, 4].map((step) => ({
      name: 'm',
      unit: 'ms',
      step,
      value: step * 10,
      attributes: {},
      standardError: 1,
      cost,
    })),
  );
  expect(out.filter(({ name }) => name === 'probe.cost').map(({ value }) => value)).toEqual([1, 1, 1]);
  expect(ledger.watched()).toBe(3);
});

test('a throw is one failure, a success forgives, and the third in a row switches the probe off', async () => {
  const bad = new Set([0, 1, 3, 4, 5]);
  const { steps, failures } = stepsWith([0, 1, 2, 3, 4, 5, 6]);
  const measured = named(({ index }) => {
    if (bad.has(index)) throw new Error(`at ${index}`);
    return [{ name: 'm', value: index }];
  });
  const out = await firstValueFrom(steps.pipe(probe(measured, every(1)), toArray()));
  expect(out.filter(({ name }) => name === 'm').map(({ step }) => step)).toEqual([2]);
  expect(failures).toEqual([
    ...['at 0', 'at 1', 'at 3', 'at 4', 'at 5'].map((message) => ['p', message, false]),
    ['p', 'switched off after 3 failures in a row', true],
  ]);
});

test('a value that is not finite goes out and is a failure, but does not switch off', async () => {
  const { steps, failures } = stepsWith([0, 1, 2, 3]);
  const measured = named(() => [{ name: 'm', value: Number.POSITIVE_INFINITY }]);
  const out = await firstValueFrom(steps.pipe(probe(measured, every(1)), toArray()));
  expect(out.filter(({ name }) => name === 'm')).toHaveLength(4);
  expect(failures).toEqual(Array(4).fill(['p', 'm is Infinity', false]));
});

test('a schedule that throws is a failure of its probe', async () => {
  const { steps, failures } = stepsWith([0]);
  const broken = {
    due(): never {
      throw new Error('no clock');
    },
  };
  const out = await firstValueFrom(
    steps.pipe(
      probe(
        named(() => []),
        broken,
      ),
      toArray(),
    ),
  );
  expect(out).toEqual([]);
  expect(failures).toEqual([['p', 'no clock', false]]);
});

test.each([0, -1, 1.5, Number.NaN])('every(%s) is refused', (n) => {
  expect(() => every(n)).toThrow(`every: n must be a whole number >= 1, got ${n}`);
});
