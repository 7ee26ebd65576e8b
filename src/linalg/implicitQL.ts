import type { Tridiagonal } from './tridiagonalized.js';

/** Sweeps that one eigenvalue may take; two is usual. */
const PATIENCE = 60;

/** Told of a rotation in the plane of i and i + 1, by the angle of this cosine and sine. */
export type Turn = (i: number, c: number, s: number) => void;

/**
 * Turns a symmetric tridiagonal matrix into a diagonal one, by implicit QL sweeps with Wilkinson's shift.
 *
 * The eigenvalues err by a few roundings of the largest in size, so small ones may have no digit right.
 *
 * Work: about 30 n² operations, and some 2 n² turns at most.
 *
 * @param turn is told of each rotation, in order; together they make the eigenvectors.
 * @returns the diagonal: the eigenvalues in no order.
 * @throws RangeError if a value is not finite: the sweeps would not end.
 * @see Dubrulle, Martin, Wilkinson 1968, The Implicit QL Algorithm; Parlett 1980, The Symmetric Eigenvalue Problem, ch. 8
 */
export function implicitQL({ diagonal, beside }: Tridiagonal, turn: Turn): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(beside);
  if (![...d, ...e].every(Number.isFinite)) throw new RangeError('implicitQL: values must be finite, got NaN or ∞');
  const negligible = Number.EPSILON * bound(d, e);
  for (let first = 0; first < n; first++) {
    for (let sweeps = 0; ; sweeps++) {
      let last = first;
      while (last < n - 1 && Math.abs(e[last]!) > negligible) last++;
      if (last === first) break;
      if (sweeps === PATIENCE) throw new Error(`implicitQL: no eigenvalue after ${PATIENCE} sweeps`);
      sweep(d, e, first, last, turn);
    }
  }
  return d;
}

/** One sweep over the rows from `first` to `last`, which nothing connects to the others. */
function sweep(d: Float64Array, e: Float64Array, first: number, last: number, turn: Turn): void {
  const half = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const shift = e[first]! / (half + Math.sign(half || 1) * Math.hypot(half, 1));
  let g = d[last]! - d[first]! + shift;
  let [s, c, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const [f, b] = [s * e[i]!, c * e[i]!];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    // The matrix has come apart in the midst of the sweep.
    if (r === 0) {
      d[i + 1]! -= p;
      e[last] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    turn(i, c, s);
  }
  d[first]! -= p;
  e[first] = g;
  e[last] = 0;
}

/** No eigenvalue is larger in size (Gershgorin). */
const bound = (d: Float64Array, e: Float64Array): number =>
  d.reduce((most, x, i) => Math.max(most, Math.abs(x) + Math.abs(e[i]!) + Math.abs(e[i - 1] ?? 0)), 0);
