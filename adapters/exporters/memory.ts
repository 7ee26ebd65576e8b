import type { Failure, Measurement, Sink } from '../../src/core/watching.js';

/** What {@link memory} takes. */
export interface MemoryOptions {
  /** Measurements kept; beyond it the oldest are dropped and counted. Default 100,000. */
  readonly limit?: number;
}

/** A sink that can be read. */
export interface MemorySink extends Sink {
  /** In order of arrival, of every run the sink serves. */
  readonly measurements: readonly Measurement[];
  readonly failures: readonly Failure[];
  /** Measurements that fell out at the limit. */
  dropped(): number;
  /** The numbers measured under a name, oldest first; point sets left out. */
  values(name: string): number[];
}

/**
 * Keeps measurements where a test or a notebook can read them, also after the run has ended.
 *
 * @throws RangeError if limit is not a whole number above 0.
 *
 * @example
 * const kept = memory();
 * const run = instrument(model, { sinks: [kept] });
 * await model.fit(x, y);
 * kept.values('train.loss');
 */
export function memory({ limit = 100_000 }: MemoryOptions = {}): MemorySink {
  if (!(Number.isInteger(limit) && limit > 0))
    throw new RangeError(`memory: limit must be a whole number above 0, got ${limit}`);
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  let dropped = 0;
  return {
    name: 'memory',
    measurements,
    failures,
    dropped: () => dropped,
    values: (name) => measurements.flatMap((m) => (m.name === name && typeof m.value === 'number' ? [m.value] : [])),
    write(batch) {
      for (const m of batch) measurements.push(m);
      dropped += measurements.splice(0, Math.max(0, measurements.length - limit)).length;
    },
    failure(failure) {
      failures.push(failure);
      failures.splice(0, Math.max(0, failures.length - limit));
    },
  };
}
