import type { Condition } from './experiment.js';

/** A condition for every combination of the values of some factors; the values of the last take turns first. */
export const crossed = (factors: Readonly<Record<string, readonly Condition[string][]>>): Condition[] =>
  Object.entries(factors).reduce<Condition[]>(
    (conditions, [factor, values]) =>
      conditions.flatMap((condition) => values.map((value) => ({ ...condition, [factor]: value }))),
    [{}],
  );
