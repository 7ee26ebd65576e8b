import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type DashboardOptions, type DashboardSink, dashboard } from '../../../adapters/hub/dashboard.js';
import type { Measurement, RunInfo } from '../../../src/core/watching.js';
import { testSink } from '../../conformance/testSink.js';
import { type Viewer, viewer } from './viewer.js';

/** A worker cannot be loaded from source. */
const workerUrl = new URL('../../../dist/adapters/hub/worker.js', import.meta.url);
const RUN: RunInfo = { id: 'a', name: 'a run', started: 1_700_000_000_000 };
const OTHER: RunInfo = { id: 'b', name: 'another', started: 1 };
const ignore = () => undefined;

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function board(options: DashboardOptions = {}): DashboardSink {
  const sink = dashboard({ port: 0, workerUrl, ...options });
  opened.push({
    async close() {
      for (const run of [RUN, OTHER]) await sink.end!(run);
      await sink.close!();
    },
  });
  return sink;
}

async function look(sink: DashboardSink): Promise<Viewer> {
  const seen = await viewer(await sink.url());
  opened.push(seen);
  return seen;
}

const loss = (step: number, value: Measurement['value'] = step / 8): Measurement => ({
  ...{ name: 'train.loss', unit: '1', step, value, attributes: {} },
});

testSink({
  name: 'dashboard',
  keeps: 'all',
  async make() {
    const sink = dashboard({ port: 0, workerUrl });
    const seen = await viewer(await sink.url());
    return {
      sink,
      read: async () =>
        ['train.loss', 'gradient.norm'].flatMap((name) => seen.values(name).map((value) => ({ name, value }))),
      dispose: () => seen.close(),
    };
  },
});

test('a late joiner sees the run, its history, points and failures, then what comes', async () => {
  const sink = board();
  sink.open!(RUN, ignore);
  for (let step = 0; step < 100; step++) sink.write([loss(step)], RUN);
  sink.write([{ ...loss(99, { x: [0, 1], y: [0.5, -0.5] }), name: 'confidence', attributes: { on: 'test' } }], RUN);
  sink.failure!({ source: 'rank', step: 7, error: new Error('no layer'), off: true }, RUN);
  const late = await look(sink);
  const history = Array.from({ length: 100 }, (_, step) => step / 8);
  await late.until(() => late.frames.at(-1)?.kind === 'event');
  expect(late.frames[0]).toEqual({ kind: 'hello', version: 1, runs: [{ ...RUN, ended: 0 }] });
  expect(late.values('train.loss')).toEqual(history);
  expect(late.frames.flatMap((f) => (f.kind === 'batch' ? f.points : []))).toEqual([
    { series: 1, step: 99, x: [0, 1], y: [0.5, -0.5] },
  ]);
  expect(late.frames.at(-1)).toMatchObject({
    what: 'failure',
    source: 'rank',
    step: 7,
    message: 'no layer',
    off: true,
  });

  sink.write([loss(100, 42)], RUN);
  await late.until(() => late.values('train.loss').length === 101);
  expect(late.values('train.loss')).toEqual([...history, 42]);
  await sink.end!(RUN);
  await late.until(() => late.frames.some((f) => f.kind === 'event' && f.what === 'runEnded' && f.run.ended > 0));
});

test('two viewers get the same bytes', async () => {
  const sink = board();
  sink.open!(RUN, ignore);
  const [a, b] = [await look(sink), await look(sink)];
  await Promise.all([a, b].map((v) => v.until(() => v.frames.length > 0)));
  const joined = [a, b].map((v) => v.bytes.length);
  for (let step = 0; step < 50; step++) sink.write([loss(step)], RUN);
  await sink.end!(RUN);
  await Promise.all([a, b].map((v) => v.until(() => v.values('train.loss').length === 50)));
  expect(a.bytes.slice(joined[0])).toEqual(b.bytes.slice(joined[1]));
});

test('values, standard errors and attributes arrive as they were measured', async () => {
  const sink = board();
  sink.open!(RUN, ignore);
  const seen = await look(sink);
  const trace = { name: 'nme.trace', unit: '1', attributes: { mode: 'inference', probes: 16, exact: false } };
  sink.write([loss(3, Number.NaN), { ...trace, step: 3, value: -1.5, standardError: 0.25 }], RUN);
  sink.write([loss(4, Number.NEGATIVE_INFINITY)], RUN);
  await sink.end!(RUN);
  const batches = seen.frames.filter((f) => f.kind === 'batch');
  expect(batches.flatMap((b) => b.series)).toEqual([
    { id: 0, run: 'a', name: 'train.loss', unit: '1', attributes: {} },
    { id: 1, run: 'a', name: 'nme.trace', unit: '1', attributes: { mode: 'inference', probes: '16', exact: 'false' } },
  ]);
  expect(batches.flatMap((b) => [...b.ids])).toEqual([0, 1, 0]);
  expect(batches.flatMap((b) => [...b.steps])).toEqual([3, 3, 4]);
  expect(batches.flatMap((b) => [...b.values])).toEqual([Number.NaN, -1.5, Number.NEGATIVE_INFINITY]);
  expect(batches.flatMap((b) => [...b.standardErrors]).slice(0, 2)).toEqual([Number.NaN, 0.25]);
});

test('one sink shows several runs, told apart', async () => {
  const sink = board();
  sink.open!(RUN, ignore);
  sink.open!(OTHER, ignore);
  sink.write([loss(0)], RUN);
  sink.write([loss(0)], OTHER);
  const seen = await look(sink);
  await seen.until(() => seen.values('train.loss').length === 2);
  const series = seen.frames.flatMap((f) => (f.kind === 'batch' ? f.series : []));
  expect(series.map((s) => s.run)).toEqual(['a', 'b']);
});

test('a viewer that sends garbage is cut off, and nobody else notices', async () => {
  const failed = vi.fn();
  const sink = board();
  sink.open!(RUN, failed);
  const [bad, good] = [await look(sink), await look(sink)];
  const closed = new Promise((resolve) => bad.socket.once('close', resolve));
  bad.socket.send(new Uint8Array(1 << 20));
  await closed;
  sink.write([loss(0, 5)], RUN);
  await good.until(() => good.values('train.loss').length === 1);
  expect(failed).not.toHaveBeenCalled();
});

async function occupied(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return (server.address() as AddressInfo).port;
}

test('a port in use is a failure of every run, told once, and nothing is thrown', async () => {
  const port = await occupied();
  const sink = board({ port });
  const failed = vi.fn();
  sink.open!(RUN, failed);
  await expect(sink.url()).rejects.toThrow(`port ${port} is in use on 127.0.0.1`);
  for (let step = 0; step < 10; step++) sink.write([loss(step)], RUN);
  await sink.end!(RUN);
  expect(failed).toHaveBeenCalledOnce();
});

test('a port in use is told to a loop that never yields', async () => {
  const sink = board({ port: await occupied() });
  const failed = vi.fn();
  sink.open!(RUN, failed);
  const until = performance.now() + 5000;
  for (let step = 0; failed.mock.calls.length === 0 && performance.now() < until; step++) sink.write([loss(step)], RUN);
  expect(failed).toHaveBeenCalledOnce();
});

test('with fallback a port in use gives way to a later one', async () => {
  const port = await occupied();
  const { port: given } = new URL(await board({ port, fallback: true }).url());
  expect(Number(given)).toBeGreaterThan(port);
  expect(Number(given)).toBeLessThanOrEqual(port + 10);
});

test('a hub that is held goes on serving after its last run', async () => {
  const sink = board();
  const release = sink.hold();
  sink.open!(RUN, ignore);
  sink.write([loss(0, 1)], RUN);
  await sink.end!(RUN);
  await sink.close!();
  const late = await look(sink);
  await late.until(() => late.values('train.loss').length === 1);
  const closed = new Promise((resolve) => late.socket.once('close', resolve));
  await release();
  expect(await closed).toBe(1001);
});

test('after closing, the sink can serve again', async () => {
  const sink = board();
  for (const id of ['first', 'second']) {
    const run = { ...RUN, id };
    sink.open!(run, ignore);
    const seen = await look(sink);
    sink.write([loss(0, 9)], run);
    await seen.until(() => seen.values('train.loss').length === 1);
    await sink.end!(run);
    await sink.close!();
  }
});

const workerOf = (program: string) => new URL(`data:text/javascript,${encodeURIComponent(program)}`);

test('a hub that dies is a failure of every run, told once, and training goes on', async () => {
  const sink = board({ workerUrl: workerOf("throw new Error('the hub dies')") });
  const told = [vi.fn(), vi.fn()];
  sink.open!(RUN, told[0]!);
  sink.open!(OTHER, told[1]!);
  await expect(sink.url()).rejects.toThrow('the hub dies');
  sink.write([loss(0)], RUN);
  for (const failed of told) expect(failed).toHaveBeenCalledExactlyOnceWith(new Error('the hub dies'));
});

/** Never takes anything in. */
const stalledWorker = workerOf('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');

test('what a stalled worker does not take is bounded, dropped oldest first, and counted', async () => {
  const sink = board({ workerUrl: stalledWorker, flushWithin: 50 });
  const failed = vi.fn();
  sink.open!(RUN, failed);
  const steps = 100_000;
  for (let step = 0; step < steps; step++) sink.write([loss(step)], RUN);
  // 511 steps are on their way beside the start of the run, 16,384 measurements wait.
  expect(sink.dropped()).toBe(steps - 511 - 16_384);
  await sink.end!(RUN);
  expect(failed).toHaveBeenCalledExactlyOnceWith(new Error('dashboard: not all had gone out after 50 ms'));
});

test.each([
  [{ port: -1 }, 'dashboard: port must be an integer from 0 to 65535, got -1'],
  [{ port: 1.5 }, 'dashboard: port must be an integer from 0 to 65535, got 1.5'],
  [
    { host: '0.0.0.0' },
    'dashboard: host 0.0.0.0 can be reached from other machines; give a token as well, or 127.0.0.1',
  ],
  [{ token: 'short' }, 'dashboard: token must be text of at least 16 characters, got 5'],
  [{ token: 1234567890123456 as never }, 'dashboard: token must be text of at least 16 characters, got a number'],
  [{ flushWithin: Number.NaN }, 'dashboard: flushWithin must be >= 0 milliseconds, got NaN'],
])('dashboard(%o) is refused', (options, message) => {
  expect(() => dashboard(options)).toThrow(new RangeError(message));
});

test.each(['null', 'localhost:5173', 'http://localhost:5173/', 'file://'])('a trainer from %o is refused', (origin) => {
  expect(() => dashboard({ trainers: [origin] })).toThrow(
    new RangeError(`dashboard: trainers must be origins such as 'http://localhost:5173', got '${origin}'`),
  );
});
