import type { Estimate } from './estimate.js';

export type Relation = '<' | '<=' | '>' | '>=';

/** What must come out, with what did. */
export interface Criterion {
  readonly name: string;
  readonly value: number;
  readonly standardError?: number;
  readonly relation: Relation;
  readonly bound: number;
  readonly passed: boolean;
}

const HOLDS: Readonly<Record<Relation, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Holds a mean against a bound; its error is shown and changes nothing. What is not a number does not pass. */
export function criterion(name: string, { value, ...error }: Estimate, relation: Relation, bound: number): Criterion {
  return { name, value, ...error, relation, bound, passed: HOLDS[relation](value, bound) };
}
