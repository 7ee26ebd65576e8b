import { expect, test } from 'vitest';
import { outbox } from '../../../adapters/hub/outbox.js';

const BOUNDS = { rows: 4, points: 2, events: 2 };
const steps = (rows: Float64Array) => [...rows].filter((_, i) => i % 4 === 1);
const failure = (step: number) => ({
  ...{ kind: 'event' as const, what: 'failure' as const, time: 0, source: 's', message: 'm', off: false },
  ...{ run: { id: 'a', name: '', started: 0, ended: 0 }, step },
});

test('taking empties the outbox, rows in the order they came', () => {
  const box = outbox(BOUNDS);
  box.measured(7, 0, 0.5, Number.NaN);
  box.measured(8, 1, -0.5, 0.1);
  expect(box.empty).toBe(false);
  expect([...box.take().rows]).toEqual([7, 0, 0.5, Number.NaN, 8, 1, -0.5, 0.1]);
  expect(box.empty).toBe(true);
  expect(box.take().rows.length).toBe(0);
});

test('past a bound the oldest goes, and is counted', () => {
  const box = outbox(BOUNDS);
  for (let step = 0; step < 10; step++) box.measured(0, step, 0, 0);
  expect(box.dropped).toBe(6);
  for (let step = 0; step < 5; step++) box.scattered({ series: 1, step, x: [], y: [] });
  expect(box.dropped).toBe(9);
  for (let step = 0; step < 3; step++) box.happened(failure(step));
  expect(box.dropped).toBe(10);
  const { rows, points, events } = box.take();
  expect(steps(rows)).toEqual([6, 7, 8, 9]);
  expect(points.map((p) => p.step)).toEqual([3, 4]);
  expect(events.map((e) => e.step)).toEqual([1, 2]);
});

test('series are never dropped, for what comes later needs them', () => {
  const box = outbox(BOUNDS);
  for (let id = 0; id < 100; id++) box.introduce({ id, run: 'a', name: `s${id}`, unit: '1', attributes: {} });
  expect(box.take().series.length).toBe(100);
});

test('the start and the end of a run outlast any number of failures', () => {
  const box = outbox(BOUNDS);
  box.happened({ ...failure(0), what: 'runStarted' });
  for (let step = 1; step < 6; step++) box.happened(failure(step));
  box.happened({ ...failure(6), what: 'runEnded' });
  expect(box.take().events.map(({ what, step }) => [what, step])).toEqual([
    ['runStarted', 0],
    ['runEnded', 6],
  ]);
  expect(box.dropped).toBe(5);
});
