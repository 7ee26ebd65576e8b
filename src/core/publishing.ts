import type { Drain } from './drain.js';
import type { Measurement } from './watching.js';

/** The way of measurements out of a run. */
export interface Publishing {
  publish(measurement: Measurement): void;
  /** Hands everything since the last flush to each sink, once. */
  flush(): void;
}

/**
 * Publishes at once to who listens and gathers for the sinks, so that each is written to once a step.
 *
 * Counts on the way: `nonfinite.count`, the values so far that are not finite, and `sink.dropped`, what a sink was too slow for.
 */
export function publishing(
  tell: (measurement: Measurement) => void,
  drains: readonly Drain[],
  step: () => number,
): Publishing {
  let gathered: Measurement[] = [];
  const counts = new Map<string, number>();
  let nonFinite = 0;
  const publish = (measurement: Measurement): void => {
    gathered.push(measurement);
    if (typeof measurement.value === 'number' && !Number.isFinite(measurement.value)) nonFinite++;
    tell(measurement);
  };
  const count = (name: string, unit: string, value: number, attributes: Measurement['attributes']): void => {
    const key = `${name} ${Object.values(attributes)}`;
    if (value === (counts.get(key) ?? 0)) return;
    counts.set(key, value);
    publish({ name, unit, step: step(), value, attributes });
  };
  return {
    publish,
    flush(): void {
      count('nonfinite.count', '{value}', nonFinite, {});
      for (const { sink, dropped } of drains) count('sink.dropped', '{measurement}', dropped(), { sink });
      if (gathered.length === 0) return;
      const batch = gathered;
      gathered = [];
      for (const { push } of drains) push(batch);
    },
  };
}
