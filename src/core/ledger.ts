import type { Ledger } from './types.js';

export interface OpenLedger extends Ledger {
  /** Milliseconds spent in watching so far. */
  watched(): number;
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
  };
}
