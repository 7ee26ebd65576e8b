import { concat, NEVER, type Observable, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { backOff, connect } from '../../dashboard/connect.js';
import type { Frame } from '../../proto/codec.js';

const hello: Frame = { kind: 'hello', version: 1, runs: [] };
const frame = { kind: 'frame', frame: hello } as const;
const lost = (attempt: number, retryAt: number) => ({ kind: 'lost', attempt, retryAt }) as const;
const inVirtualTime = (f: Parameters<TestScheduler['run']>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(f);

/** Opens the given connections one after the other. */
const opening = (...connections: Observable<Frame>[]) => {
  const left = [...connections];
  return () => left.shift() ?? NEVER;
};

test('waits half a second, then twice as long each time, and ten seconds at most', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map(backOff)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('a connection that fails is tried again after longer and longer waits, and each loss says when', () => {
  inVirtualTime(({ expectObservable }) => {
    const refused = throwError(() => new Error('refused'));
    const signals = connect(opening(refused, refused, concat(of(hello), NEVER)));
    expectObservable(signals, '2s !').toBe('a 499ms b 999ms c', { a: lost(1, 500), b: lost(2, 1500), c: frame });
  });
});

test('a frame that arrives sets the waits back', () => {
  inVirtualTime(({ cold, expectObservable }) => {
    const refused = cold<Frame>('#');
    const short = cold<Frame>('h|', { h: hello });
    expectObservable(connect(opening(refused, short, short)), '1200ms !').toBe('a 499ms f b 499ms f c', {
      a: lost(1, 500),
      f: frame,
      b: lost(1, 1001),
      c: lost(1, 1502),
    });
  });
});

test('a wait ends at once when somebody asks to try now', () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const now = hot('10ms n');
    const signals = connect(
      opening(
        throwError(() => new Error('refused')),
        concat(of(hello), NEVER),
      ),
      { now },
    );
    expectObservable(signals, '100ms !').toBe('a 9ms f', { a: lost(1, 500), f: frame });
  });
});
