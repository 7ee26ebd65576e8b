import { getBackend } from '@tensorflow/tfjs-core';
import { numberVectors } from './numberVectors.js';
import type { Operator } from './operator.js';
import { keepOrthogonal, orthogonalize, type Remainder } from './orthogonalize.js';
import { rademacher } from './rademacher.js';
import { tensorVectors } from './tensorVectors.js';
import type { Vectors } from './vectors.js';

/** What Lanczos knows of an operator A after some products: A Q = Q T + rest · q eᵀ, Q orthonormal to 1e-4 and T tridiagonal. */
export interface KrylovSpace {
  /** Of T. */
  readonly diagonal: readonly number[];
  /** Beside the diagonal of T, one shorter. */
  readonly beside: readonly number[];
  /** How far A Q sticks out of the space; 0 if the space is invariant. */
  readonly rest: number;
  /** Q weights, the vector in weight space. */
  combination(weights: ArrayLike<number>): Float64Array;
  /** Qᵀ v */
  coordinates(v: Float64Array): Float64Array;
}

/** A length below this, relative to T, is rounding. */
const ROUNDING = 1e-14;

/**
 * Builds the Krylov space of a direction, a product at a time; whoever takes from it says when it is enough, and `return`
 * frees it. Full reorthogonalisation where rounding calls for it.
 *
 * Where the space turns out to be invariant, it goes on with a random direction across it. So it ends at the dimension of
 * A and not before, and what the first direction did not contain is found all the same.
 *
 * - Cost: a product each; work besides: some 2 k n operations for the k-th, three times that where it must be made
 *   orthogonal again. Memory: a vector each, of float64, or of float32 where the operator multiplies tensors and is large;
 *   then some ten more at times, whatever their number.
 *
 * @param first of unit length.
 * @throws Error if a product is not finite.
 * @see Lanczos 1950; Paige 1976; Parlett 1980, The Symmetric Eigenvalue Problem, ch. 13
 */
export function krylov(operator: Operator, first: Float64Array, random: () => number): Generator<KrylovSpace> {
  const { tensors } = operator;
  if (!tensors || !paysOnBackend(operator)) {
    return grow({ operator, vectors: numberVectors, image: (v) => operator.apply(v) }, first, random);
  }
  const vectors = tensorVectors(tensors);
  return grow({ operator, vectors, image: vectors.image }, first, random);
}

/** Smaller vectors are faster as numbers, and in float64 at that; on cpu all are. */
const paysOnBackend = ({ dimension }: Operator): boolean => dimension >= 20_000 && getBackend() !== 'cpu';

/** An operator, and where its vectors are kept. */
interface Place<V> {
  readonly operator: Operator;
  readonly vectors: Vectors<V>;
  /** A v */
  image(v: V): V;
}

function* grow<V>(place: Place<V>, first: Float64Array, random: () => number): Generator<KrylovSpace> {
  const { operator, vectors } = place;
  if (operator.dimension === 0) return;
  const basis = [vectors.from(first)];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let size = 0;
  try {
    for (;;) {
      const { along, vector, length } = advance(place, basis, beside.at(-1));
      diagonal.push(along);
      size = Math.max(size, Math.abs(along), length);
      const rest = length > ROUNDING * size ? length : 0;
      yield {
        diagonal,
        beside,
        rest,
        combination: (weights) =>
          combined(
            vectors,
            Float64Array.from(diagonal, (_, i) => weights[i] ?? 0),
            basis,
          ),
        coordinates: (v) => coordinatesOf(vectors, v, basis),
      };
      if (diagonal.length === operator.dimension) return;
      beside.push(rest);
      const onward = rest > 0 ? { vector, length } : across(place, basis, random);
      if (onward.vector !== vector) vectors.release(vector);
      basis.push(unit(vectors, onward));
      gather(vectors, basis, diagonal.length + 1);
    }
  } finally {
    vectors.releaseAll();
  }
}

/** Vectors that are gathered at a time. */
const TOGETHER = 8;

/** Gathers older vectors of a basis of that size; the last two the recurrence still asks for. */
function gather<V>(vectors: Vectors<V>, basis: V[], size: number): void {
  const groups = (size - 2) / TOGETHER;
  // The product of wasm copies a vector for each of those that it meets, which takes far longer than the product.
  if (!vectors.gathered || getBackend() !== 'tensorflow' || !Number.isInteger(groups) || groups < 1) return;
  const from = groups - 1;
  basis.splice(from, TOGETHER, vectors.gathered(basis.slice(from, from + TOGETHER)));
}

/** A product with the last vector of the basis: how long it is along that, and what of it lies across the basis. */
function advance<V>({ operator, vectors, image }: Place<V>, basis: readonly V[], coupling = 0) {
  const last = basis.at(-1)!;
  const av = image(last);
  const along = vectors.coordinates([last], av)[0]!;
  // The recurrence takes what is large; what it leaves is then nearly orthogonal, and one more pass makes it so.
  const left = vectors.combination([1, -along, -coupling], [av, last, ...basis.slice(-2, -1)]);
  vectors.release(av);
  const rest = keepOrthogonal(vectors, left, basis);
  if (rest.vector !== left) vectors.release(left);
  if (!Number.isFinite(rest.length)) refuse(operator, vectors.numbers(last));
  return { along, ...rest };
}

/** @throws Error what the product of numbers throws, which knows its name, else one of its own. */
function refuse(operator: Operator, v: Float64Array): never {
  operator.apply(v);
  throw new Error('curvature: a product is not finite, or too large to be measured in the precision of the backend');
}

/** A vector at unit length; lets go of what it was. */
function unit<V>(vectors: Vectors<V>, { vector, length }: Remainder<V>): V {
  const found = vectors.combination([1 / length], [vector]);
  vectors.release(vector);
  return found;
}

function combined<V>(vectors: Vectors<V>, weights: ArrayLike<number>, basis: readonly V[]): Float64Array {
  const sum = vectors.combination(weights, basis);
  const numbers = vectors.numbers(sum);
  vectors.release(sum);
  return numbers;
}

function coordinatesOf<V>(vectors: Vectors<V>, v: Float64Array, basis: readonly V[]): Float64Array {
  const x = vectors.from(v);
  const found = vectors.coordinates(basis, x);
  vectors.release(x);
  return found;
}

/** A random direction across the basis; where a draw of few signs lies within, the first unit vector that does not. */
function across<V>({ operator, vectors }: Place<V>, basis: readonly V[], random: () => number): Remainder<V> {
  const drawn = rademacher(operator.dimension, random);
  for (let i = 0; ; i++) {
    const direction = vectors.from(drawn);
    const left = orthogonalize(vectors, direction, basis);
    vectors.release(direction);
    if (left.length > 0) return left;
    vectors.release(left.vector);
    drawn.fill(0);
    drawn[i] = 1;
  }
}
