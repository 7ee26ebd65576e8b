import { mean } from '../../../src/curvature/spectrum/estimate.js';

/** A mean over seeds, with the standard error of it where there are two seeds or more. */
export interface Estimate {
  readonly value: number;
  readonly standardError?: number;
}

/** The mean x̄ and s/√n, s² = Σ (x − x̄)²/(n − 1). */
export function estimate(values: readonly number[]): Estimate {
  if (values.length === 1) return { value: values[0]! };
  return mean(values);
}

/**
 * The mean of aᵢ − bᵢ with its standard error: what the members of a pair share cancels.
 *
 * @throws RangeError if the pairs are not complete.
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): Estimate {
  if (a.length !== b.length) throw new RangeError(`pairs need as many of both, got ${a.length} and ${b.length}`);
  return estimate(a.map((x, i) => x - b[i]!));
}

/** The one of the smallest value. */
export const leastOf = (estimates: readonly Estimate[]): Estimate =>
  estimates.reduce((least, other) => (other.value < least.value ? other : least));
