import type { Subject } from 'rxjs';
import type { Drain } from './drain.js';
import type { Failure, Ledger } from './watching.js';

/** Tells failures to the stream and to every sink but the one that failed; on the console if nobody listens. */
export function failing(failures: Subject<Failure>, drains: readonly Drain[], step: () => number): Ledger['failed'] {
  const warned = new Set<string>();
  let telling = false;
  return (source, error, off = false) => {
    const failure = { source, step: step(), error: error instanceof Error ? error : new Error(String(error)), off };
    if (!failures.observed && !warned.has(source)) {
      warned.add(source);
      console.warn(`sharpstream: ${source} failed at step ${failure.step}: ${failure.error.message}`);
    }
    failures.next(failure);
    if (telling) return;
    telling = true;
    for (const { sink, failure: tell } of drains) if (sink !== source) tell(failure);
    telling = false;
  };
}
