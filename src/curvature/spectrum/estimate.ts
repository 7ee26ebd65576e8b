/** A random estimate with its standard error, which is 0 where it is exact. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Draws before their spread is believed: with 6 a standard error is itself known to a third. */
export const LEAST_DRAWS = 6;

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The mean of independent draws of one distribution; exactly 0 if there are none. */
export function mean(values: readonly number[]): Estimate {
  const n = values.length;
  if (n === 0) return { value: 0, standardError: 0 };
  const value = total(values) / n;
  const variance = total(values.map((x) => (x - value) ** 2)) / (n - 1);
  return { value, standardError: Math.sqrt(variance / n) };
}

export const shifted = ({ value, standardError }: Estimate, by: number): Estimate => ({
  value: value + by,
  standardError,
});

/** By the delta method: d√x = dx / 2√x. */
export function root({ value, standardError }: Estimate): Estimate {
  const size = Math.sqrt(value);
  return { value: size, standardError: size === 0 ? 0 : standardError / (2 * size) };
}
