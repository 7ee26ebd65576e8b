import { expect, test } from 'vitest';
import { EMPTY_BATCH } from '../../../adapters/hub/batches.js';
import { history } from '../../../adapters/hub/history.js';
import type { Batch, Event, Frame } from '../../../proto/codec.js';

const series = (id: number, run: string) => ({ id, run, name: 'train.loss', unit: '1', attributes: {} });
const event = (what: Event['what'], id: string, step = 0, ended = 0): Event => ({
  ...{ kind: 'event', what, time: 0, run: { id, name: id, started: 1, ended } },
  ...{ source: 'probe', step, message: 'm', off: false },
});
const batches = (frames: readonly Frame[]) => frames.filter((f): f is Batch => f.kind === 'batch');

test('series are introduced before their first value', () => {
  const remembered = history();
  remembered.add({ ...EMPTY_BATCH, series: [series(0, 'a'), series(1, 'a')] });
  remembered.add({ ...EMPTY_BATCH, ids: [0, 1, 0], steps: [0, 0, 1], values: [1, 2, 3] });
  const known = new Set<number>();
  for (const batch of batches(remembered.frames())) {
    for (const { id } of batch.series) known.add(id);
    for (const id of batch.ids) expect(known).toContain(id);
  }
  expect(known).toEqual(new Set([0, 1]));
});

test('of points the newest set is kept', () => {
  const remembered = history();
  remembered.add({ ...EMPTY_BATCH, series: [series(0, 'a')] });
  for (const step of [1, 2, 3]) remembered.add({ ...EMPTY_BATCH, points: [{ series: 0, step, x: [step], y: [0] }] });
  expect(batches(remembered.frames()).flatMap((b) => b.points)).toEqual([{ series: 0, step: 3, x: [3], y: [0] }]);
});

test('of failures the newest are kept', () => {
  const remembered = history({ failures: 2 });
  for (const step of [1, 2, 3]) remembered.add(event('failure', 'a', step));
  const kept = remembered.frames().filter((f) => f.kind === 'event');
  expect(kept.map((f) => f.step)).toEqual([2, 3]);
});

test('past the bound of runs one that has ended is forgotten, with its series and failures', () => {
  const remembered = history({ runs: 2 });
  for (const [id, run] of ['a', 'b'].entries()) {
    remembered.add(event('runStarted', run));
    remembered.add({ ...EMPTY_BATCH, series: [series(id, run)] });
    remembered.add(event('failure', run));
  }
  remembered.add(event('runEnded', 'b', 0, 5));
  remembered.add(event('runStarted', 'c'));
  const [hello, ...rest] = remembered.frames();
  expect(hello).toMatchObject({ runs: [{ id: 'a' }, { id: 'c' }] });
  expect(batches(rest).flatMap((b) => b.series)).toEqual([series(0, 'a')]);
  expect(rest.filter((f) => f.kind === 'event').map((f) => f.run.id)).toEqual(['a']);
});

test('a long series goes out in frames of bounded size', () => {
  const remembered = history({ values: 40_000 });
  remembered.add({ ...EMPTY_BATCH, series: [series(0, 'a')] });
  const steps = Array.from({ length: 40_000 }, (_, step) => step);
  remembered.add({ ...EMPTY_BATCH, ids: steps.map(() => 0), steps, values: steps });
  const sizes = batches(remembered.frames()).map((b) => b.values.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(16_384);
  expect(sizes.reduce((a, b) => a + b)).toBe(40_000);
});

test('past the bound of all numbers the run that has most is forgotten, and the others stay', () => {
  const remembered = history({ numbers: 30 });
  for (const [id, run] of ['small', 'values', 'points'].entries()) {
    remembered.add(event('runStarted', run));
    remembered.add({ ...EMPTY_BATCH, series: [series(id, run)] });
    remembered.add({ ...EMPTY_BATCH, ids: [id], steps: [0], values: [1] });
  }
  const kept = () => batches(remembered.frames()).flatMap((batch) => batch.series.map(({ run }) => run));
  const x = [0, 1, 2, 3, 4, 5];
  for (let step = 0; step < 3; step++) remembered.add({ ...EMPTY_BATCH, points: [{ series: 2, step, x, y: x }] });
  expect(kept()).toEqual(['small', 'values', 'points']); // 3 + 3 + 15: a newer set takes the place of an older one.
  remembered.add({ ...EMPTY_BATCH, ids: [1, 1, 1], steps: [1, 2, 3], values: [1, 2, 3] });
  expect(kept()).toEqual(['small', 'values', 'points']); // 3 + 12 + 15
  remembered.add({ ...EMPTY_BATCH, ids: [0], steps: [1], values: [1] });
  expect(kept()).toEqual(['small', 'values']); // 6 + 12
  for (let step = 4; step < 9; step++) remembered.add({ ...EMPTY_BATCH, ids: [1], steps: [step], values: [0] });
  expect(kept()).toEqual(['small']);
});

test('what is thinned counts as what is left of it', () => {
  const remembered = history({ values: 8, numbers: 3 * 8 });
  remembered.add(event('runStarted', 'a'));
  remembered.add({ ...EMPTY_BATCH, series: [series(0, 'a')] });
  const steps = Array.from({ length: 1000 }, (_, step) => step);
  remembered.add({ ...EMPTY_BATCH, ids: steps.map(() => 0), steps, values: steps });
  expect(batches(remembered.frames()).flatMap((batch) => batch.series)).toHaveLength(1);
});

test('32 runs of trainers elsewhere, which go on, do not displace one that began before them', () => {
  const remembered = history();
  for (const id of ['here', ...Array.from({ length: 32 }, (_, i) => `elsewhere ${i}`)]) {
    remembered.add(event('runStarted', id));
  }
  expect((remembered.frames()[0] as Extract<Frame, { kind: 'hello' }>).runs.map(({ id }) => id)).toContain('here');
});
