import type { Strength } from './intervention.js';

/** A strength while a run lasts: its value at a step. */
export interface LiveStrength {
  (step: number): number;
  dispose(): void;
}

/**
 * Makes a coefficient readable at every step. A constant is checked at once, a function or a stream at each reading.
 *
 * Opened once a run, since a stream is subscribed to for the life of the run; before its first value it reads 0.
 *
 * @throws RangeError if a value is negative, infinite, above `most` or not a number, naming `what`; TypeError if it is no strength at all.
 */
export function strength(what: string, value: Strength, most = Infinity): () => LiveStrength {
  const checked = (v: number): number => {
    if (typeof v !== 'number' || !(v >= 0)) throw new RangeError(`${what} must be >= 0, got ${v}`);
    if (v > most) throw new RangeError(`${what} must be within 0…${most}, got ${v}`);
    if (v === Infinity) throw new RangeError(`${what} must be finite, got ${v}`);
    return v;
  };
  if (typeof value === 'number') {
    checked(value);
    return () => live(() => value);
  }
  if (typeof value === 'function') return () => live((step) => checked(value(step)));
  if (typeof value?.subscribe !== 'function') {
    throw new TypeError(`${what} must be a number, a function of the step or an Observable, got ${value}`);
  }
  return () => {
    let latest = 0;
    let error: unknown;
    const subscription = value.subscribe({
      next(v) {
        latest = v;
      },
      error(e) {
        error = e;
      },
    });
    return live(
      () => {
        if (error !== undefined) throw error;
        return checked(latest);
      },
      () => subscription.unsubscribe(),
    );
  };
}

const live = (at: (step: number) => number, dispose: () => void = () => {}): LiveStrength =>
  Object.assign((step: number) => at(step), { dispose });
