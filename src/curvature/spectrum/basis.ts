import { dot } from '../../linalg/dot.js';
import { addScaled, norm } from './weightSpace.js';

/**
 * Sums over an orthonormal basis of weight space, which cost Lanczos more than its products if taken vector by vector.
 * Four vectors pass at a time: an element of the other vector is loaded once for them, and their sums run side by side.
 */

/** The coordinates qᵢᵀx. */
export function coordinates(basis: readonly Float64Array[], x: Float64Array): Float64Array {
  const found = new Float64Array(basis.length);
  const whole = basis.length - (basis.length % 4);
  for (let i = 0; i < whole; i += 4) found.set(fourDots(basis[i]!, basis[i + 1]!, basis[i + 2]!, basis[i + 3]!, x), i);
  for (let i = whole; i < basis.length; i++) found[i] = dot(basis[i]!, x);
  return found;
}

/** x ← x + Σ weightsᵢ qᵢ */
export function addCombination(x: Float64Array, weights: ArrayLike<number>, basis: readonly Float64Array[]): void {
  const whole = basis.length - (basis.length % 4);
  for (let i = 0; i < whole; i += 4) {
    const four = [weights[i]!, weights[i + 1]!, weights[i + 2]!, weights[i + 3]!] as const;
    addFour(x, four, basis[i]!, basis[i + 1]!, basis[i + 2]!, basis[i + 3]!);
  }
  for (let i = whole; i < basis.length; i++) addScaled(x, weights[i]!, basis[i]!);
}

/**
 * x ← x − Q Qᵀ x, and its length: 0 if nothing but rounding is left.
 *
 * One pass is enough unless it takes most of x away; then the rounding of what was taken is no longer small against what
 * is left, and a second pass takes that as well. What shrinks twice lies in the span of the basis.
 *
 * @see Daniel, Gragg, Kaufman, Stewart 1976, Reorthogonalization and Stable Algorithms; Parlett 1980, § 6-9
 */
export function orthogonalize(x: Float64Array, basis: readonly Float64Array[]): number {
  const before = norm(x);
  if (before === 0 || basis.length === 0) return before;
  const once = pass(x, basis);
  if (once >= before / 2) return once;
  const twice = pass(x, basis);
  return twice >= once / 2 ? twice : 0;
}

/** What may stay of a basis in a vector orthogonal to it, relative to its length: the error of T is of its square. */
const SEMIORTHOGONAL = 1e-6;

/**
 * As `orthogonalize`, for x that is nearly orthogonal already: half the work if it is, and as a rule it is. Its length.
 *
 * @see Simon 1984, The Lanczos Algorithm with Partial Reorthogonalization
 */
export function keepOrthogonal(x: Float64Array, basis: readonly Float64Array[]): number {
  const length = norm(x);
  const along = coordinates(basis, x);
  return along.every((c) => Math.abs(c) <= SEMIORTHOGONAL * length) ? length : orthogonalize(x, basis);
}

function pass(x: Float64Array, basis: readonly Float64Array[]): number {
  const along = coordinates(basis, x);
  addCombination(
    x,
    along.map((c) => -c),
    basis,
  );
  return norm(x);
}

function fourDots(a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array, x: Float64Array): number[] {
  let [ax, bx, cx, dx] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    ax += a[i]! * xi;
    bx += b[i]! * xi;
    cx += c[i]! * xi;
    dx += d[i]! * xi;
  }
  return [ax, bx, cx, dx];
}

function addFour(
  x: Float64Array,
  [wa, wb, wc, wd]: readonly [number, number, number, number],
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! + wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
}
