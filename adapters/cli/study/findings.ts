import { type Estimate, estimate, pairedDifference } from './estimate.js';
import type { Condition } from './experiment.js';

/** What an experiment has measured so far, by condition; in the order of the seeds. */
export interface Findings {
  /** Empty for what was not measured. */
  values(quantity: string, condition: Condition): readonly number[];
  /** @throws Error if nothing was measured there. */
  mean(quantity: string, condition: Condition): Estimate;
  /** `condition` − `from`, seed by seed. @throws Error as `mean`. */
  difference(quantity: string, condition: Condition, from: Condition): Estimate;
}

/** Findings that are being gathered. */
export interface Notebook extends Findings {
  add(condition: Condition, values: Readonly<Record<string, number>>): void;
}

export function notebook(): Notebook {
  const found = new Map<string, number[]>();
  const values = (quantity: string, condition: Condition): readonly number[] =>
    found.get(key(quantity, condition)) ?? [];
  const measured: typeof values = (quantity, condition) => {
    const known = values(quantity, condition);
    if (known.length === 0) throw new Error(`${quantity} was not measured at ${inWords(condition)}`);
    return known;
  };
  return {
    add(condition, trial) {
      for (const [quantity, value] of Object.entries(trial)) {
        const at = key(quantity, condition);
        found.set(at, [...(found.get(at) ?? []), value]);
      }
    },
    values,
    mean: (quantity, condition) => estimate(measured(quantity, condition)),
    difference: (quantity, condition, from) =>
      pairedDifference(measured(quantity, condition), measured(quantity, from)),
  };
}

/** The factors may be named in any order. */
const key = (quantity: string, condition: Condition): string =>
  JSON.stringify([quantity, ...Object.entries(condition).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** `rank 5, depth 4`. */
export const inWords = (condition: Condition): string =>
  Object.entries(condition)
    .map(([factor, value]) => `${factor} ${value}`)
    .join(', ');
