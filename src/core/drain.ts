import { patience } from './patience.js';
import type { Alert, Failure, Measurement, RunInfo, Sink } from './watching.js';

/** How one run feeds one sink. */
export interface Drain {
  readonly sink: string;
  push(batch: readonly Measurement[]): void;
  failure(failure: Failure): void;
  alert(alert: Alert): void;
  /** Measurements given up because the sink was slow. */
  dropped(): number;
  close(): Promise<void>;
}

export interface DrainOptions {
  /** Measurements kept for a slow sink; the oldest are dropped beyond. Default 4096. */
  readonly limit?: number;
  readonly failed: (source: string, error: unknown, off?: boolean) => void;
  readonly within: Within;
}

/** Waits for a promise, at most so many milliseconds; tells whether it has settled. Rejects if the promise does. */
export type Within = (ms: number, promise: Promise<unknown>) => Promise<boolean>;

/** What a sink may take to finish a write, and to flush at the end. */
const LAST_MS = 10_000;

/** How many runs feed a sink: the last one closes it. */
const feeders = new WeakMap<Sink, number>();

/**
 * Feeds a sink: one `write` at a time, each with everything gathered since the last one ended, never more than `limit`.
 *
 * A synchronous sink is served at once, so that a loop that never yields is still seen. A throw or a rejection is one
 * failure; the third in a row switches the sink off for this run. At the end it is waited for, but not for ever.
 */
export function drain(sink: Sink, run: RunInfo, { limit = 4096, failed, within }: DrainOptions): Drain {
  let waiting: Measurement[] = [];
  let writing: Promise<void> | undefined;
  const health = patience(sink.name);
  let dropped = 0;

  const attempt = <T>(f: () => T): T | undefined => {
    try {
      return f();
    } catch (error) {
      fail(error);
      return undefined;
    }
  };
  const fail = (error: unknown): void => {
    health.failed(error, failed);
    if (health.over()) waiting = [];
  };
  const write = (): void => {
    if (writing || waiting.length === 0 || health.over()) return;
    const batch = waiting;
    waiting = [];
    attempt(() => {
      const result = sink.write(batch, run);
      if (!result) return health.worked();
      writing = Promise.resolve(result)
        .then(health.worked, fail)
        .then(() => {
          writing = undefined;
          write();
        });
    });
  };

  feeders.set(sink, (feeders.get(sink) ?? 0) + 1);
  attempt(() => sink.open?.(run, (error) => failed(sink.name, error)));
  return {
    sink: sink.name,
    push(batch) {
      if (health.over()) return;
      waiting.push(...batch);
      write();
      const excess = waiting.length - limit;
      if (excess > 0) {
        waiting.splice(0, excess);
        dropped += excess;
      }
    },
    failure: (failure) => void attempt(() => sink.failure?.(failure, run)),
    alert: (alert) => void attempt(() => sink.alert?.(alert, run)),
    dropped: () => dropped,
    async close() {
      const last = (feeders.get(sink) ?? 1) - 1;
      feeders.set(sink, last);
      const finish = async (): Promise<void> => {
        while (writing) await writing;
        await sink.end?.(run);
        if (last === 0) await sink.close?.();
      };
      try {
        if (!(await within(LAST_MS, finish()))) {
          dropped += waiting.length;
          throw new Error(`had not finished ${LAST_MS / 1000} s after the end; ${dropped} measurements are lost`);
        }
      } catch (error) {
        failed(sink.name, error);
      }
    },
  };
}
