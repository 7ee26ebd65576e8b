import type { Ledger } from './watching.js';

/** So many failures in a row switch off whatever watches: a probe, a sink, a rule, a subscriber. */
const PATIENCE = 3;

/** How long what watches may fail. */
export interface Patience {
  /** Whether it is switched off. */
  over(): boolean;
  /** Tells a failure; and, if that was the last, that it is switched off. */
  failed(error: unknown, tell: Ledger['failed']): void;
  /** It did not fail this time. */
  worked(): void;
}

export function patience(source: string): Patience {
  let failures = 0;
  return {
    over: () => failures >= PATIENCE,
    failed(error, tell) {
      // Counted before it is told: a listener to failures may throw at this very one.
      const inRow = ++failures;
      tell(source, error);
      if (inRow === PATIENCE) tell(source, new Error(`switched off after ${PATIENCE} failures in a row`), true);
    },
    worked() {
      failures = 0;
    },
  };
}
