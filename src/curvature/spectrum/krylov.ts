import { dot } from '../../linalg/dot.js';
import { keepOrthogonal, orthogonalize } from './basis.js';
import type { Operator } from './operator.js';
import { rademacher } from './rademacher.js';
import { addScaled, norm, scale } from './weightSpace.js';

/** What Lanczos knows of an operator A after some products: A Q = Q T + rest · q eᵀ, Q orthonormal and T tridiagonal. */
export interface KrylovSpace {
  /** Q, by columns. */
  readonly basis: readonly Float64Array[];
  /** Of T. */
  readonly diagonal: readonly number[];
  /** Beside the diagonal of T, one shorter. */
  readonly beside: readonly number[];
  /** How far A Q sticks out of the space; 0 if the space is invariant. */
  readonly rest: number;
}

/** A length below this, relative to T, is rounding. */
const ROUNDING = 1e-14;

/**
 * Builds the Krylov space of a direction, a product at a time; whoever takes from it says when it is enough. Full
 * reorthogonalisation in float64, where rounding calls for it.
 *
 * Where the space turns out to be invariant, it goes on with a random direction across it. So it ends at the dimension of
 * A and not before, and what the first direction did not contain is found all the same.
 *
 * - Cost: a product each; work besides: some 2 k n operations for the k-th, three times that where it must be made
 *   orthogonal again. Memory: a vector each.
 *
 * @param first of unit length.
 * @see Lanczos 1950; Paige 1976; Parlett 1980, The Symmetric Eigenvalue Problem, ch. 13
 */
export function* krylov(operator: Operator, first: Float64Array, random: () => number): Generator<KrylovSpace> {
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let next = first;
  let size = 0;
  while (basis.length < operator.dimension) {
    const image = imageOf(operator, next);
    const along = dot(next, image);
    // The recurrence takes what is large; what it leaves is then nearly orthogonal, and one more pass makes it so.
    addScaled(image, -along, next);
    if (basis.length > 0) addScaled(image, -beside.at(-1)!, basis.at(-1)!);
    basis.push(next);
    diagonal.push(along);
    const left = keepOrthogonal(image, basis);
    size = Math.max(size, Math.abs(along), left);
    const rest = left > ROUNDING * size ? left : 0;
    yield { basis, diagonal, beside, rest };
    next = rest > 0 ? image : across(basis, random);
    scale(next, 1 / (rest || norm(next)));
    beside.push(rest);
  }
}

/** A v, in a vector of its own: an operator may hand back the very v. */
function imageOf(operator: Operator, v: Float64Array): Float64Array {
  const image = operator.apply(v);
  return image === v ? image.slice() : image;
}

/** A random direction across the basis; where a draw of few signs lies within, the first unit vector that does not. */
function across(basis: readonly Float64Array[], random: () => number): Float64Array {
  const dimension = basis[0]!.length;
  const drawn = rademacher(dimension, random);
  for (let i = 0; orthogonalize(drawn, basis) === 0; i++) {
    drawn.fill(0);
    drawn[i] = 1;
  }
  return drawn;
}
