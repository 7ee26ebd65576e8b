import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Connection, type Viewers, viewers } from '../../../adapters/hub/viewers.js';

let all: Viewers;
let past: Uint8Array[];
beforeEach(() => {
  vi.useFakeTimers();
  past = [Uint8Array.of(0)];
  all = viewers({ snapshot: () => past, backlog: 10, heartbeat: 1000 });
});
afterEach(() => {
  all.close();
  vi.useRealTimers();
});

/** A connection that takes everything, or as a slow one does, keeps it. */
function connection() {
  const sent: number[] = [];
  return {
    sent,
    bufferedAmount: 0,
    send: (bytes: Uint8Array) => void sent.push(bytes[0]!),
    ping: vi.fn(),
    terminate: vi.fn(),
    close: vi.fn(),
  } satisfies Connection & { sent: number[] };
}

test('a viewer that falls behind is passed by, and starts afresh when it has caught up', () => {
  const [slow, quick] = [connection(), connection()];
  all.join(slow);
  all.join(quick);
  slow.bufferedAmount = 11;
  all.broadcast(Uint8Array.of(1));
  slow.bufferedAmount = 5;
  all.broadcast(Uint8Array.of(2));
  vi.advanceTimersByTime(900);
  expect(slow.sent).toEqual([0]);
  slow.bufferedAmount = 0;
  past = [Uint8Array.of(9)];
  vi.advanceTimersByTime(500);
  all.broadcast(Uint8Array.of(3));
  expect(slow.sent).toEqual([0, 9, 3]);
  expect(quick.sent).toEqual([0, 1, 2, 3]);
});

test('a viewer that does not answer a ping is cut off, one that does stays', () => {
  const [dead, lively] = [connection(), connection()];
  all.join(dead);
  all.join(lively);
  lively.ping.mockImplementation(() => all.alive(lively));
  vi.advanceTimersByTime(3500);
  expect(dead.terminate).toHaveBeenCalled();
  expect(lively.terminate).not.toHaveBeenCalled();
});

test('draining ends when nothing is buffered, or when its limit is over', async () => {
  const slow = connection();
  all.join(slow);
  slow.bufferedAmount = 1;
  const done = vi.fn();
  void all.drained(100).then(done);
  await vi.advanceTimersByTimeAsync(50);
  expect(done).not.toHaveBeenCalled();
  slow.bufferedAmount = 0;
  await vi.advanceTimersByTimeAsync(10);
  expect(done).toHaveBeenCalledOnce();
  slow.bufferedAmount = 1;
  void all.drained(100).then(done);
  await vi.advanceTimersByTimeAsync(110);
  expect(done).toHaveBeenCalledTimes(2);
});
