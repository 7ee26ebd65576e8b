import { expect, test } from 'vitest';
import { createBoard, latestRun, take } from '../../dashboard/data/board.js';
import { valueAt } from '../../dashboard/data/column.js';
import type { Batch, Event, Frame, Run } from '../../proto/codec.js';

const run = (id: string, started = 1): Run => ({ id, name: `run ${id}`, started, ended: 0 });
const hello = (...runs: Run[]): Frame => ({ kind: 'hello', version: 1, runs });
const batch = (part: Partial<Batch>): Batch => ({
  ...{ kind: 'batch', series: [], ids: [], steps: [], values: [], standardErrors: [], points: [] },
  ...part,
});
const event = (part: Partial<Event>): Event => ({
  ...{ kind: 'event', what: 'failure', time: 0, run: run('a'), source: '', step: 0, message: '', off: false },
  ...part,
});
const loss = (id: number, runId: string) => ({ id, run: runId, name: 'train.loss', unit: 'nat', attributes: {} });

function boardOf(...frames: Frame[]) {
  const board = createBoard();
  for (const frame of frames) take(board, frame);
  return board;
}

test('values go to the series they belong to, of two runs at once', () => {
  const board = boardOf(
    hello(run('a'), run('b')),
    batch({ series: [loss(1, 'a'), loss(2, 'b')], ids: [1, 2, 1], steps: [0, 0, 1], values: [5, 7, 4] }),
  );
  const newest = (id: string) => valueAt(board.runs.get(id)!.streams[0]!.column, Number.POSITIVE_INFINITY);
  expect([newest('a'), newest('b')]).toEqual([4, 7]);
  expect([board.runs.get('a')!.newestStep, board.runs.get('b')!.newestStep]).toEqual([1, 0]);
});

test('a hello starts afresh, so that what a hub sends again is not there twice', () => {
  const told = [hello(run('a')), batch({ series: [loss(1, 'a')], ids: [1], steps: [3], values: [5] })];
  const board = boardOf(...told, ...told);
  expect(board.runs.get('a')!.streams).toHaveLength(1);
  expect(board.runs.get('a')!.streams[0]!.column.length).toBe(1);
});

test('values of a series that was never introduced, and events of a later version, are passed over', () => {
  const board = boardOf(hello(run('a')), batch({ ids: [9], steps: [0], values: [1] }), event({ what: 'unknown' }));
  expect(board.runs.get('a')!.streams).toEqual([]);
  expect(board.runs.get('a')!.failures).toEqual([]);
});

test('of a scatter the newest point set is kept', () => {
  const series = [{ ...loss(1, 'a'), name: 'confidence.scatter' }];
  const points = (step: number) => [{ series: 1, step, x: [step], y: [2 * step] }];
  const board = boardOf(hello(run('a')), batch({ series, points: points(10) }), batch({ points: points(20) }));
  expect(board.runs.get('a')!.streams[0]!.points).toEqual({ step: 20, x: [20], y: [40] });
});

test('a failure that repeats is one row with its count, which remembers that the source was switched off', () => {
  const failure = { source: 'rank', message: 'no such layer' };
  const board = boardOf(
    hello(run('a')),
    event({ ...failure, step: 5 }),
    event({ ...failure, step: 6 }),
    event({ ...failure, step: 7, off: true }),
  );
  expect(board.runs.get('a')!.failures).toEqual([{ ...failure, firstStep: 5, lastStep: 7, count: 3, off: true }]);
});

test('a run that starts later is the latest, and one that ends keeps what it measured', () => {
  const board = boardOf(hello(run('a', 1)), batch({ series: [loss(1, 'a')], ids: [1], steps: [0], values: [1] }));
  take(board, event({ what: 'runStarted', run: run('b', 2) }));
  expect(latestRun(board)!.id).toBe('b');
  take(board, event({ what: 'runEnded', run: { ...run('a', 1), ended: 9 } }));
  expect(board.runs.get('a')).toMatchObject({ ended: 9, name: 'run a', newestStep: 0 });
});

test('of more than 64 runs the oldest that has ended is forgotten, with its series', () => {
  const ids = Array.from({ length: 64 }, (_, i) => `run ${i}`);
  const board = boardOf(
    hello(...ids.map((id) => run(id))),
    batch({ series: [loss(0, 'run 0'), loss(7, 'run 7')], ids: [0, 7], steps: [0, 0], values: [1, 2] }),
    event({ what: 'runEnded', run: { ...run('run 7'), ended: 5 } }),
    event({ what: 'runStarted', run: run('new') }),
  );
  expect([...board.runs.keys()]).toEqual([...ids.filter((id) => id !== 'run 7'), 'new']);
  expect([...board.streams.keys()]).toEqual([0]);
  take(board, event({ what: 'runStarted', run: run('newer') }));
  expect(board.runs.has('run 0')).toBe(false);
});
