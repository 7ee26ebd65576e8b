import { implicitQL } from './implicitQL.js';
import type { Tridiagonal } from './tridiagonalized.js';

/** The eigenvalues of a symmetric tridiagonal matrix, ascending, by {@link implicitQL}. */
export const tridiagonalEigenvalues = (matrix: Tridiagonal): Float64Array => implicitQL(matrix, () => {}).sort();
