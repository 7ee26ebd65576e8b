import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type DashboardOptions, type DashboardSink, dashboard } from '../../../adapters/hub/dashboard.js';
import type { Socket } from '../../../adapters/hub/keptSocket.js';
import { type RemoteDashboardSink, remoteDashboard } from '../../../adapters/hub/remoteDashboard.js';
import { decodeFrame, encodeFrame, type Frame } from '../../../proto/codec.js';
import type { Measurement, RunInfo } from '../../../src/core/watching.js';
import { testSink } from '../../conformance/testSink.js';
import { type Viewer, viewer } from './viewer.js';

/** A worker cannot be loaded from source. */
const workerUrl = new URL('../../../dist/adapters/hub/worker.js', import.meta.url);
const RUN: RunInfo = { id: 'a', name: 'a run', started: 1_700_000_000_000 };
const ignore = () => undefined;
const loss = (step: number, value = step / 8): Measurement => ({
  ...{ name: 'train.loss', unit: '1', step, value, attributes: {} },
});

const opened: { close?(): unknown }[] = [];
beforeEach(() => {
  vi.stubGlobal('WebSocket', WebSocket); // Node has one from 22 on.
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close?.();
  vi.unstubAllGlobals();
});

interface ServedHub {
  readonly url: string;
  readonly sink: DashboardSink;
  readonly close: () => Promise<void>;
}

/** A hub with no run of its own. */
async function served(options: DashboardOptions = {}): Promise<ServedHub> {
  const sink = dashboard({ port: 0, workerUrl, ...options });
  const close = sink.hold();
  opened.push({ close });
  return { url: await sink.url(), sink, close };
}

async function look(url: string): Promise<Viewer> {
  const seen = await viewer(url);
  opened.push(seen);
  return seen;
}

function remote(url: string, flushWithin = 2000): RemoteDashboardSink {
  const sink = remoteDashboard({ url, flushWithin });
  opened.push({
    async close() {
      await sink.end!(RUN);
      await sink.close!();
    },
  });
  return sink;
}

testSink({
  name: 'remoteDashboard',
  keeps: 'all',
  async make() {
    vi.stubGlobal('WebSocket', WebSocket);
    const { url, close } = await served();
    const seen = await viewer(url);
    return {
      sink: remoteDashboard({ url }),
      read: async () => {
        await seen.until(() => seen.values('train.loss').length + seen.values('gradient.norm').length > 0);
        return ['train.loss', 'gradient.norm'].flatMap((name) => seen.values(name).map((value) => ({ name, value })));
      },
      async dispose() {
        await seen.close();
        await close();
      },
    };
  },
});

test('the address is that of the page, token included', async () => {
  const token = 'a token of some length';
  const { url } = await served({ token });
  expect(url).toContain('token=');
  const failed = vi.fn();
  const sink = remote(url);
  sink.open!(RUN, failed);
  sink.write([loss(0, 7)], RUN);
  const seen = await look(url);
  await seen.until(() => seen.values('train.loss').includes(7));
  expect(failed).not.toHaveBeenCalled();
});

test('a hub that comes later gets what waited; until then there is one failure, and nothing is thrown', async () => {
  const first = await served();
  const { port } = new URL(first.url);
  await first.close();
  const failed = vi.fn();
  const sink = remote(first.url);
  sink.open!(RUN, failed);
  for (let step = 0; step < 10; step++) sink.write([loss(step)], RUN);
  await vi.waitFor(() => expect(failed).toHaveBeenCalled());
  const { url } = await served({ port: Number(port) });
  const seen = await look(url);
  await seen.until(() => seen.values('train.loss').length === 10);
  expect(seen.values('train.loss')).toEqual(Array.from({ length: 10 }, (_, step) => step / 8));
  expect(failed).toHaveBeenCalledExactlyOnceWith(
    new Error(`no connection to ws://127.0.0.1:${port}; is there a hub? Trying again until the run ends`),
  );
});

test('a hub that is started anew learns of the run and of its series', async () => {
  const first = await served();
  const { port } = new URL(first.url);
  const failed = vi.fn();
  const sink = remote(first.url);
  sink.open!(RUN, failed);
  sink.write([loss(0, 1)], RUN);
  const before = await look(first.url);
  await before.until(() => before.values('train.loss').length === 1);
  await first.close();
  await vi.waitFor(() => expect(failed).toHaveBeenCalled());
  const again = await served({ port: Number(port) });
  sink.write([loss(1, 2)], RUN);
  const after = await look(again.url);
  await after.until(() => after.values('train.loss').length === 1);
  expect(after.values('train.loss')).toEqual([2]);
  expect(failed).toHaveBeenCalledExactlyOnceWith(
    new Error(
      `the connection to ws://127.0.0.1:${port} broke (the hub has closed); what was on its way is lost. Trying again`,
    ),
  );
});

test('after the end of its last run the connection is closed, and another run opens it', async () => {
  const { url } = await served();
  const sink = remote(url);
  const seen = await look(url);
  for (const id of ['first', 'second']) {
    const run = { ...RUN, id };
    sink.open!(run, ignore);
    sink.write([loss(0, 9)], run);
    await sink.end!(run);
    await sink.close!();
  }
  await seen.until(() => seen.values('train.loss').length === 2);
  const ends = seen.frames.flatMap((f) => (f.kind === 'event' && f.what === 'runEnded' ? [f.run.id] : []));
  expect(ends).toEqual(['first', 'second']);
});

test('one sink feeds several runs, beside one of the hub itself', async () => {
  const { url, sink: own } = await served();
  const sink = remote(url);
  const OTHER = { ...RUN, id: 'b' };
  own.open!({ ...RUN, id: 'c' }, ignore);
  for (const run of [RUN, OTHER]) sink.open!(run, ignore);
  own.write([loss(0)], { ...RUN, id: 'c' });
  for (const run of [RUN, OTHER]) sink.write([loss(0)], run);
  const seen = await look(url);
  await seen.until(() => seen.values('train.loss').length === 3);
  const series = seen.frames.flatMap((f) => (f.kind === 'batch' ? f.series : []));
  expect(series.map((s) => s.run).sort()).toEqual(['a', 'b', 'c']);
  expect(new Set(series.map((s) => s.id)).size).toBe(3);
  for (const run of [{ ...RUN, id: 'c' }]) await own.end!(run);
  await sink.end!(OTHER);
});

/** Opens at once, and answers as it is told. */
class PlayedSocket implements Socket {
  static played: PlayedSocket | undefined;
  binaryType = '';
  readyState = 0;
  bufferedAmount = 0;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onerror: Socket['onerror'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: Frame[] = [];
  constructor() {
    PlayedSocket.played = this;
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }
  send(bytes: Uint8Array): void {
    this.sent.push(decodeFrame(bytes));
  }
  answer(): void {
    this.onmessage?.({ data: encodeFrame({ kind: 'hello', version: 1, runs: [] }).buffer });
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.({ code: 1000, reason: '' });
  }
}

async function played(
  flushWithin?: number,
): Promise<{ sink: RemoteDashboardSink; socket: PlayedSocket; failed: ReturnType<typeof vi.fn> }> {
  vi.stubGlobal('WebSocket', PlayedSocket);
  const failed = vi.fn();
  const sink = remote('http://127.0.0.1:6070/', flushWithin);
  sink.open!(RUN, failed);
  await vi.waitFor(() => expect(PlayedSocket.played?.readyState).toBe(1));
  return { sink, socket: PlayedSocket.played!, failed };
}

const lossesOf = (frames: readonly Frame[]) => frames.flatMap((f) => (f.kind === 'batch' ? [...f.values] : []));

test('while the socket is full nothing is sent and nothing waits for it; the oldest is dropped and counted', async () => {
  const { sink, socket } = await played(50);
  socket.bufferedAmount = 1 << 20;
  const steps = 20_000;
  for (let step = 0; step < steps; step++) sink.write([loss(step, step)], RUN);
  expect(lossesOf(socket.sent)).toEqual([]);
  expect(sink.dropped()).toBe(steps - 16_384);
  socket.bufferedAmount = 0;
  sink.write([loss(steps, steps)], RUN);
  const sent = socket.sent.flatMap((f) => (f.kind === 'batch' ? f.series : []));
  expect(sent.map(({ name }) => name).sort()).toEqual(['sink.dropped', 'train.loss']);
  expect(lossesOf(socket.sent)).toContain(steps);
  expect(lossesOf(socket.sent)).not.toContain(0);
});

test('a hub that does not answer holds up the end no longer than it may, and that is a failure', async () => {
  const { sink, failed } = await played(50);
  sink.write([loss(0)], RUN);
  await sink.end!(RUN);
  expect(failed).toHaveBeenCalledExactlyOnceWith(new Error('remoteDashboard: not all had gone out after 50 ms'));
});

test('the end waits until the hub has everything', async () => {
  const { sink, socket, failed } = await played();
  sink.write([loss(0, 3)], RUN);
  let ended = false;
  const end = Promise.resolve(sink.end!(RUN)).then(() => {
    ended = true;
  });
  socket.answer(); // To the first hello, which says nothing of the end.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ended).toBe(false);
  expect(socket.sent.map(({ kind }) => kind)).toEqual(['hello', 'event', 'batch', 'batch', 'event', 'hello']);
  socket.answer();
  await end;
  expect(failed).not.toHaveBeenCalled();
});

test('what answers and is no hub breaks nothing, and is no answer', async () => {
  const { sink, socket, failed } = await played(50);
  for (const data of ['hello', new ArrayBuffer(0), Uint8Array.of(0xff).buffer]) socket.onmessage!({ data });
  await sink.end!(RUN);
  expect(failed).toHaveBeenCalledExactlyOnceWith(new Error('remoteDashboard: not all had gone out after 50 ms'));
});

test('a page that may not even try is told so', () => {
  const refusal = new Error('An insecure WebSocket connection may not be initiated from a page loaded over HTTPS');
  vi.stubGlobal(
    'WebSocket',
    class {
      constructor() {
        throw refusal;
      }
    },
  );
  const failed = vi.fn();
  remote('http://hub.example/', 50).open!(RUN, failed);
  expect(failed).toHaveBeenCalledExactlyOnceWith(refusal);
});

test('a connection that breaks while a run ends is a failure of that run', async () => {
  const { sink, socket, failed } = await played(50);
  const end = sink.end!(RUN);
  socket.onclose!({ code: 1006, reason: '' });
  await end;
  expect(failed.mock.calls.map(([error]) => error.message)).toEqual([
    'the connection to ws://127.0.0.1:6070 broke (code 1006); what was on its way is lost. Trying again',
    'remoteDashboard: not all had gone out after 50 ms',
  ]);
});

test('a page of another origin that the hub does not know is told what lets it in', async () => {
  const { url } = await served();
  const origin = 'http://localhost:5173';
  vi.stubGlobal('location', { origin });
  vi.stubGlobal(
    'WebSocket',
    class extends WebSocket {
      constructor(address: URL) {
        super(address, { origin });
      }
    },
  );
  const failed = vi.fn();
  const sink = remote(url, 50);
  sink.open!(RUN, failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalled());
  expect(failed.mock.calls[0]![0].message).toBe(
    `no connection to ws://${new URL(url).host}; is there a hub that lets in ${origin}, by its token or as ` +
      `dashboard({ trainers: ['${origin}'] })? Trying again until the run ends`,
  );
});

test.each([
  [
    'ftp://127.0.0.1/',
    new TypeError(
      'remoteDashboard: url must be the address of a hub, such as http://127.0.0.1:6070/, got ftp://127.0.0.1/',
    ),
  ],
  [
    '6070',
    new TypeError('remoteDashboard: url must be the address of a hub, such as http://127.0.0.1:6070/, got 6070'),
  ],
])('the url %s is refused', (url, error) => {
  expect(() => remoteDashboard({ url })).toThrow(error);
});

test('a negative flushWithin is refused', () => {
  expect(() => remoteDashboard({ flushWithin: -1 })).toThrow(
    new RangeError('remoteDashboard: flushWithin must be >= 0 milliseconds, got -1'),
  );
});

test('where there is no WebSocket, that is said at once', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => remoteDashboard()).toThrow(
    new Error('remoteDashboard: there is no WebSocket here; a browser has one, and Node from 22 on'),
  );
});
