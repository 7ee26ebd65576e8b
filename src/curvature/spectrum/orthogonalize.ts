import type { Vectors } from './vectors.js';

/** What is left of a vector across a basis. */
export interface Remainder<V> {
  readonly vector: V;
  readonly length: number;
}

/**
 * x − Q Qᵀ x, and its length: 0 if nothing but rounding is left. It is x itself where there is nothing to take away.
 *
 * One pass is enough unless it takes most of x away; then the rounding of what was taken is no longer small against what
 * is left, and a second pass takes that as well. What shrinks twice lies in the span of the basis.
 *
 * @see Daniel, Gragg, Kaufman, Stewart 1976, Reorthogonalization and Stable Algorithms; Parlett 1980, § 6-9
 */
export function orthogonalize<V>(vectors: Vectors<V>, x: V, basis: readonly V[]): Remainder<V> {
  const length = lengthOf(vectors, x);
  if (length === 0 || basis.length === 0) return { vector: x, length };
  return withoutThat(vectors, { vector: x, length }, vectors.coordinates(basis, x), basis);
}

/** x without what lies along the basis, as is known, and with a second pass, if that is most of it. */
function withoutThat<V>(vectors: Vectors<V>, x: Remainder<V>, along: Float64Array, basis: readonly V[]): Remainder<V> {
  const once = without(vectors, x.vector, along, basis);
  if (once.length >= x.length / 2) return once;
  const twice = without(vectors, once.vector, vectors.coordinates(basis, once.vector), basis);
  vectors.release(once.vector);
  return twice.length >= once.length / 2 ? twice : { ...twice, length: 0 };
}

/** What may stay of a basis in a vector orthogonal to it, relative to its length: the error of T is of its square. */
const SEMIORTHOGONAL = 1e-4;

/**
 * As `orthogonalize`, for x that is nearly orthogonal already: half the work if it is, and as a rule it is.
 *
 * @see Simon 1984, The Lanczos Algorithm with Partial Reorthogonalization
 */
export function keepOrthogonal<V>(vectors: Vectors<V>, x: V, basis: readonly V[]): Remainder<V> {
  const products = vectors.coordinates([...basis, x], x);
  const [along, length] = [products.subarray(0, -1), Math.sqrt(products.at(-1)!)];
  const strays = along.some((c) => Math.abs(c) > SEMIORTHOGONAL * length);
  return strays ? withoutThat(vectors, { vector: x, length }, along, basis) : { vector: x, length };
}

function without<V>(vectors: Vectors<V>, x: V, along: Float64Array, basis: readonly V[]): Remainder<V> {
  const vector = vectors.combination([1, ...along.map((c) => -c)], [x, ...basis]);
  return { vector, length: lengthOf(vectors, vector) };
}

/** ‖x‖ */
const lengthOf = <V>(vectors: Vectors<V>, x: V): number => Math.sqrt(vectors.coordinates([x], x)[0]!);
