import type { Ledger } from './watching.js';

export interface OpenLedger extends Ledger {
  /** Milliseconds spent in watching so far. */
  watched(): number;
  /** Runs what watches a step, and counts all the time it takes as spent, whatever in it has counted some already. */
  watching(watch: () => void): void;
}

/** A ledger with nothing in it. */
export function openLedger(now: () => number, failed: Ledger['failed']): OpenLedger {
  let evaluations = 0;
  let watched = 0;
  return {
    now,
    failed,
    evaluated(gradients) {
      evaluations += gradients;
    },
    evaluations: () => evaluations,
    spent(ms) {
      watched += ms;
    },
    watched: () => watched,
    watching(watch) {
      const [started, before] = [now(), watched];
      watch();
      watched = before + now() - started;
    },
  };
}
