import type { Eigenpair } from './eigenpair.js';
import type { Operator } from './operator.js';
import { type LanczosOptions, searchSpectrum } from './searchSpectrum.js';

/**
 * The k algebraically largest eigenvalues of a symmetric operator, the largest first, with eigenvectors orthogonal to each
 * other to 1e-4; as `lanczos` besides. Fewer if the operator has a smaller dimension, or `maxProducts` ends the search before.
 *
 * Of an eigenvalue that occurs several times one copy is promised: a Krylov space holds one. The others are found where it
 * is found to be invariant, and the search goes on across it, as with a matrix of few different eigenvalues.
 *
 * - Cost: the products of the search; memory: one vector for each.
 *
 * @throws RangeError if k is not a positive integer, an option is out of range, or start has another dimension.
 *
 * @example
 * const warm = topEigenpairs(hessian, 10, { random }).map(({ vector }) => vector);
 */
export function topEigenpairs(operator: Operator, k: number, options: LanczosOptions): readonly Eigenpair[] {
  if (!(Number.isInteger(k) && k >= 1)) {
    throw new RangeError(`topEigenpairs: k must be a positive integer, got ${k}`);
  }
  const first = (n: number): number[] => Array.from({ length: Math.min(k, n) }, (_, i) => i);
  return searchSpectrum('topEigenpairs', operator, options, first, (found) => found.pairs());
}
