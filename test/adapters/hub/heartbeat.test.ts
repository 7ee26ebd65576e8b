import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Heartbeat, heartbeat } from '../../../adapters/hub/heartbeat.js';

let beating: Heartbeat;
beforeEach(() => {
  vi.useFakeTimers();
  beating = heartbeat(1000);
});
afterEach(() => {
  beating.stop();
  vi.useRealTimers();
});

const connection = () => Object.assign(new EventEmitter(), { ping: vi.fn(), terminate: vi.fn() });

test('who does not answer a ping is cut off, who does stays', () => {
  const [dead, lively] = [connection(), connection()];
  for (const one of [dead, lively]) beating.watch(one);
  lively.ping.mockImplementation(() => lively.emit('pong'));
  vi.advanceTimersByTime(3500);
  expect(dead.terminate).toHaveBeenCalled();
  expect(lively.terminate).not.toHaveBeenCalled();
});

test('who has left is pinged no more', () => {
  const left = connection();
  beating.watch(left);
  left.emit('close');
  vi.advanceTimersByTime(3500);
  expect(left.ping).not.toHaveBeenCalled();
});
