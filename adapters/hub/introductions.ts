import type { Run, Series } from '../../proto/codec.js';
import type { Delivery } from './delivery.js';

/** What a hub must know before values make sense to it: the runs that go on, and their series. */
export interface Introductions {
  /** Takes in what has been sent. */
  learn(delivery: Delivery): void;
  runs(): readonly Run[];
  series(): readonly Series[];
  forget(): void;
}

export function introductions(): Introductions {
  const runs = new Map<string, Run>();
  let series: Series[] = [];
  return {
    learn({ series: introduced, events }) {
      series.push(...introduced);
      for (const { what, run } of events) {
        if (what === 'runStarted') runs.set(run.id, run);
        if (what !== 'runEnded') continue;
        runs.delete(run.id);
        series = series.filter((one) => one.run !== run.id);
      }
    },
    runs: () => [...runs.values()],
    series: () => series,
    forget() {
      runs.clear();
      series = [];
    },
  };
}
