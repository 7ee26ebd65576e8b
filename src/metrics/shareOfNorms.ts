import type { Estimate } from '../curvature/spectrum/estimate.js';

/**
 * ‖A‖_F / ‖B‖_F from ‖A vᵢ‖² and ‖B vᵢ‖² of the same random vectors of signs: r^½, r = Σ aᵢ / Σ bᵢ.
 *
 * Its standard error is the delta method's, (Σ (aᵢ − r bᵢ)² / (n(n − 1)))^½ / (2 b̄ r^½): what a and b share cancels. NaN
 * where B = 0.
 *
 * @param exact Whether the vectors were all the unit vectors, which leave no error.
 */
export function shareOfNorms(a: readonly number[], b: readonly number[], exact: boolean): Estimate {
  const n = a.length;
  const r = sum(a) / sum(b);
  const value = Math.sqrt(r);
  if (exact || value === 0) return { value, standardError: 0 };
  const variance = sum(a.map((x, i) => (x - r * b[i]!) ** 2)) / (n * (n - 1));
  return { value, standardError: Math.sqrt(variance) / ((2 * value * sum(b)) / n) };
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
