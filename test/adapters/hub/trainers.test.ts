import { beforeEach, expect, test, vi } from 'vitest';
import type { Delivery } from '../../../adapters/hub/delivery.js';
import { toFrames } from '../../../adapters/hub/toFrames.js';
import { type Trainer, type Trainers, trainers } from '../../../adapters/hub/trainers.js';
import { type Batch, decodeFrame, type Event, encodeFrame, type Frame, type Run } from '../../../proto/codec.js';

const RUN: Run = { id: 'a', name: 'a run', started: 1_700_000_000_000, ended: 0 };
const LOSS = { id: 5, run: 'a', name: 'train.loss', unit: '1', attributes: {} };
const EMPTY: Batch = {
  ...{ kind: 'batch', series: [], ids: [], steps: [], values: [], standardErrors: [], points: [] },
};
const event = (what: Event['what'], run: Run, more: Partial<Event> = {}): Event => ({
  ...{ kind: 'event', what, time: 0, run, source: '', step: 0, message: '', off: false, ...more },
});
const hello = (...runs: Run[]): Frame => ({ kind: 'hello', version: 1, runs });

let delivered: Delivery[];
let all: Trainers;
beforeEach(() => {
  delivered = [];
  all = trainers({ deliver: (delivery) => delivered.push(delivery), publish: () => undefined });
});

interface Joined extends Trainer {
  readonly send: ReturnType<typeof vi.fn>;
  readonly close: ReturnType<typeof vi.fn>;
  tell(...frames: Frame[]): void;
}

function join(): Joined {
  const connection = { send: vi.fn(), close: vi.fn() };
  const trainer = all.join(connection);
  return {
    ...connection,
    ...trainer,
    tell: (...frames) => frames.forEach((frame) => trainer.hear(encodeFrame(frame))),
  };
}

const told = () => toFrames(delivered);
const series = () => delivered.flatMap((delivery) => delivery.series);
const rows = () => delivered.flatMap((delivery) => [...delivery.rows]);
const turns = () =>
  delivered.flatMap(({ events }) => events.map(({ what, run }) => `${run.id} ${what} ${run.ended > 0}`));

test('what a trainer tells is delivered, under numbers of the hub', () => {
  const points = { step: 3, x: [0, 1], y: [1, 0] };
  const scatter = { ...LOSS, id: 6, name: 'confidence.scatter' };
  join().tell(
    hello(RUN),
    { ...EMPTY, series: [LOSS, scatter], points: [{ ...points, series: 6 }] },
    { ...EMPTY, ids: [5, 5], steps: [3, 4], values: [0.5, Number.NaN] },
    event('failure', RUN, { source: 'nmeTrace', message: 'no outputs', step: 3, off: true }),
  );
  const [loss, other] = series();
  expect(loss).toMatchObject({ run: 'a', name: 'train.loss' });
  expect(new Set([loss!.id, other!.id, 5, 6]).size).toBe(4);
  expect(rows()).toEqual([loss!.id, 3, 0.5, Number.NaN, loss!.id, 4, Number.NaN, Number.NaN]);
  expect(told().flatMap((frame) => (frame.kind === 'batch' ? frame.points : []))).toEqual([
    { ...points, series: other!.id },
  ]);
  expect(told().at(-1)).toMatchObject({ what: 'failure', run: RUN, source: 'nmeTrace', message: 'no outputs' });
});

test('a hello is answered, after all before it has been published', () => {
  const order: string[] = [];
  all = trainers({ deliver: () => order.push('delivered'), publish: () => order.push('published') });
  const trainer = join();
  trainer.send.mockImplementation((bytes: Uint8Array) => order.push(decodeFrame(bytes).kind));
  trainer.tell(hello(RUN));
  expect(order).toEqual(['delivered', 'published', 'hello']);
});

test('series of two trainers never share a number, though each counts from 0', () => {
  const other = { ...RUN, id: 'b' };
  join().tell(hello(RUN), { ...EMPTY, series: [{ ...LOSS, id: 0 }] });
  join().tell(hello(other), { ...EMPTY, series: [{ ...LOSS, id: 0, run: 'b' }] });
  expect(new Set(series().map(({ id }) => id)).size).toBe(2);
});

test('who leaves ends its runs; who comes back goes on with them, and its series are not introduced twice', () => {
  const before = join();
  before.tell(hello(RUN), { ...EMPTY, series: [LOSS], ids: [5], steps: [0], values: [1] });
  before.leave();
  expect(turns()).toEqual(['a runStarted false', 'a runEnded true']);
  const after = join();
  after.tell(hello(RUN), { ...EMPTY, series: [{ ...LOSS, id: 9 }], ids: [9], steps: [1], values: [2] });
  expect(turns().at(-1)).toBe('a runStarted false');
  const id = series()[0]!.id;
  expect(series()).toHaveLength(1);
  expect(rows()).toEqual([id, 0, 1, Number.NaN, id, 1, 2, Number.NaN]);
});

test('who has come back before the old connection is known to be gone keeps its run', () => {
  const old = join();
  old.tell(hello(RUN));
  join().tell(hello(RUN));
  old.leave();
  expect(turns()).toEqual(['a runStarted false', 'a runStarted false']);
});

test('a run that was ended stays so when its trainer leaves', () => {
  const trainer = join();
  trainer.tell(hello(RUN), event('runEnded', { ...RUN, ended: 1_700_000_001_000 }));
  trainer.leave();
  expect(turns()).toEqual(['a runStarted false', 'a runEnded true']);
});

test('a hello in the middle starts nothing anew', () => {
  join().tell(hello(RUN), hello(RUN));
  expect(turns()).toEqual(['a runStarted false']);
});

const untold: [string, Frame, string][] = [
  ['a series of a run that has not begun', { ...EMPTY, series: [LOSS] }, 'run a has not started here'],
  ['a value of no series', { ...EMPTY, ids: [5], steps: [0], values: [1] }, 'series 5 has not been introduced'],
  ['the end of a run that has not begun', event('runEnded', { ...RUN, ended: 1 }), 'run a has not started here'],
  ['a failure of a run that has not begun', event('failure', RUN), 'run a has not started here'],
];

test.each(untold)('%s ends the connection, which is told why', (_, frame, reason) => {
  const trainer = join();
  trainer.tell(frame);
  expect(trainer.close).toHaveBeenCalledExactlyOnceWith(1008, reason);
  expect(told()).toEqual([]);
});

/** Told by who has introduced its run and series 5. */
const misshapen: [string, Frame, string][] = [
  [
    'ids without values',
    { ...EMPTY, ids: [5, 5], steps: [0, 1], values: [1] },
    'a batch has 2 ids, 2 steps and 1 values',
  ],
  ['ids without steps', { ...EMPTY, ids: [5], steps: [], values: [1] }, 'a batch has 1 ids, 0 steps and 1 values'],
  [
    'a scatter that lacks coordinates',
    { ...EMPTY, points: [{ series: 5, step: 0, x: [1, 2], y: [] }] },
    'points need as many y as x, got 2 x and 0 y',
  ],
  [
    'a run with a long id',
    hello({ ...RUN, id: 'x'.repeat(129) }),
    'the id of a run has at most 128 characters, got 129',
  ],
];

test.each(misshapen)('%s: the connection ends, and nothing of it is delivered', (_, frame, reason) => {
  const trainer = join();
  trainer.tell(hello(RUN), { ...EMPTY, series: [LOSS] });
  const before = told();
  trainer.tell(frame);
  expect(trainer.close).toHaveBeenCalledExactlyOnceWith(1008, reason);
  expect(told()).toEqual(before);
});

test('long texts are cut where they only tell, and a series whose name is long is left out', () => {
  const long = 'x'.repeat(5000);
  const attributes = { layer: 'x'.repeat(1024) };
  join().tell(
    hello({ ...RUN, name: long }),
    { ...EMPTY, series: [LOSS, { ...LOSS, id: 6, attributes }], ids: [6, 5], steps: [0, 0], values: [1, 2] },
    event('failure', RUN, { source: long, message: long }),
  );
  expect(series().map(({ attributes }) => attributes)).toEqual([{}]);
  expect(rows()).toEqual([series()[0]!.id, 0, 2, Number.NaN]);
  const [started, failed] = delivered.flatMap(({ events }) => events);
  expect(started!.run.name).toHaveLength(4096);
  expect([failed!.source.length, failed!.message.length]).toEqual([1024, 4096]);
});

test.each([Number.NaN, -1, 0, 8e15, Number.POSITIVE_INFINITY])(
  'a run that would begin or end at %d does so now: the page shows the latest, and one that ends at 0 goes on',
  (time) => {
    const before = Date.now();
    join().tell(hello({ ...RUN, started: time }), event('runEnded', { ...RUN, ended: time }));
    const [started, ended] = delivered.flatMap(({ events }) => events);
    for (const now of [started!.run.started, ended!.run.ended]) {
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(Date.now());
    }
  },
);

test('who has been refused is heard no more, though its connection takes a while to end', () => {
  const trainer = join();
  trainer.tell(hello(RUN), { ...EMPTY, ids: [5], steps: [0], values: [1] });
  const before = told();
  trainer.tell({ ...EMPTY, series: [LOSS], ids: [5], steps: [0], values: [1] }, event('runEnded', RUN));
  expect(told()).toEqual(before);
  expect(trainer.close).toHaveBeenCalledOnce();
  trainer.leave();
  expect(turns()).toEqual(['a runStarted false', 'a runEnded true']);
});

test('a run of another trainer is out of reach', () => {
  join().tell(hello(RUN));
  const other = join();
  other.tell({ ...EMPTY, series: [LOSS] });
  expect(other.close).toHaveBeenCalledExactlyOnceWith(1008, 'run a has not started here');
});

test.each([
  ['bytes that are no frame', Uint8Array.of(0xff, 0xff)],
  ['a long name', encodeFrame({ ...EMPTY, series: [{ ...LOSS, run: '…'.repeat(100) }] })],
])('of %s the reason fits', (_, bytes) => {
  const trainer = join();
  trainer.hear(bytes);
  const [code, reason] = trainer.close.mock.calls[0]!;
  expect(code).toBe(1008);
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
});

test('runs that nobody feeds give way when there are 32, others do not', () => {
  const first = join();
  first.tell(hello(RUN));
  for (let i = 1; i < 32; i++) join().tell(hello({ ...RUN, id: `run ${i}` }));
  const refused = join();
  refused.tell(hello({ ...RUN, id: 'one more' }));
  expect(refused.close).toHaveBeenCalledExactlyOnceWith(1008, '32 runs are on their way already');
  first.leave();
  const taken = join();
  taken.tell(hello({ ...RUN, id: 'one more' }));
  expect(taken.close).not.toHaveBeenCalled();
});

test('beyond 2,048 series of a run, more are left out', () => {
  const many = Array.from({ length: 2050 }, (_, id) => ({ ...LOSS, id, name: `series ${id}` }));
  join().tell(hello(RUN), { ...EMPTY, series: many, ids: [2047, 2048], steps: [0, 0], values: [1, 2] });
  expect(series()).toHaveLength(2048);
  expect(rows()).toEqual([series()[2047]!.id, 0, 1, Number.NaN]);
});
