import type { Eigenpair } from './eigenpair.js';
import type { Operator } from './operator.js';
import { type LanczosOptions, searchSpectrum } from './searchSpectrum.js';

/**
 * The algebraically largest eigenvalue of a symmetric operator, by Lanczos with full reorthogonalisation.
 *
 * That some eigenvalue is within `residual` of the value is certain; that it is the largest rests on chance, of which the
 * start always has a share. With `until: 'error'` the search ends earlier; eigenvalues that lie too close together to be told
 * apart by then are taken for one, and the value errs by their distance at most.
 *
 * - Cost: `products` products, 3 at least after a given start; memory: one vector for each.
 *
 * @throws RangeError if an option is out of range, or start has another dimension.
 * @see Lanczos 1950; Parlett 1980, The Symmetric Eigenvalue Problem, ch. 13
 */
export const lanczos = (operator: Operator, options: LanczosOptions): Eigenpair =>
  searchSpectrum(
    'lanczos',
    operator,
    options,
    () => [0],
    (found) => found.pairs()[0]!,
  );
