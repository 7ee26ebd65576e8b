import type { Condition } from '../experiment.js';
import { inWords } from '../findings.js';

/** The place of a condition among others; the factors in the same order. */
export const placeOf = (condition: Condition, conditions: readonly Condition[]): number =>
  conditions.map(inWords).indexOf(inWords(condition));
