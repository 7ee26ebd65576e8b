import { type Estimate, leastOf } from '../estimate.js';
import type { Condition } from '../experiment.js';
import type { Findings } from '../findings.js';

/** How much a quantity falls from one condition to the next, paired by seed: the least of these means. */
export const leastFall = (findings: Findings, quantity: string, along: readonly Condition[]): Estimate =>
  leastOf(along.slice(1).map((next, i) => findings.difference(quantity, along[i]!, next)));
