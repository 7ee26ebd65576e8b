import { type Drain, drain } from '../../../src/core/drain.js';
import type { Attributes, Failure, Measurement, RunInfo, Sink } from '../../../src/core/watching.js';
import { within } from '../../tfjs/within.js';

/** A run on the sinks of a study, fed by hand; on the page from `open`, or the first measurement, on. */
export interface LiveRun {
  open(): void;
  take(measurements: readonly Measurement[]): void;
  /** A sink that feeds this run: what is written to it gets `attributes`. */
  sink(attributes: Attributes): Sink;
  end(): Promise<void>;
}

/** Watching is not what a study is about: a sink that fails is told of on the console, once a source, and left. */
export function liveRun(name: string, sinks: readonly Sink[]): LiveRun {
  const warned = new Set<string>();
  const failed = (source: string, error: unknown): void => {
    if (!warned.has(source)) console.warn(`sharpstream: ${source} failed: ${(error as Error).message}`);
    warned.add(source);
  };
  const info: RunInfo = { id: crypto.randomUUID(), name, started: Date.now() };
  let drains: readonly Drain[] | undefined;
  const each = (f: (drain: Drain) => void): void => {
    drains ??= sinks.map((sink) => drain(sink, info, { failed, within }));
    drains.forEach(f);
  };
  const take = (measurements: readonly Measurement[]): void => each(({ push }) => push(measurements));
  return {
    open: () => each(() => {}),
    take,
    sink: (attributes) => ({
      name: 'study',
      write: (batch) => take(batch.map((m) => ({ ...m, attributes: { ...m.attributes, ...attributes } }))),
      failure: (failure: Failure) => each((to) => to.failure(failure)),
    }),
    async end() {
      await Promise.all((drains ?? []).map(({ close }) => close()));
    },
  };
}
