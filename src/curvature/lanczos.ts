import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Operator } from './operator.js';
import { rademacher } from './rademacher.js';
import { addScaled, dot, norm } from './weightSpace.js';

/** What {@link lanczos} takes. */
export interface LanczosOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A guess of the eigenvector, such as the last one found. Default: a random direction. */
  readonly start?: Float64Array | undefined;
  /** Residual to stop at, relative to the largest eigenvalue met. Default 1e-2; float32 reaches 1e-6. */
  readonly tolerance?: number;
  /** Products to stop at. Default 60. */
  readonly maxProducts?: number;
}

/** An eigenvalue λ and its eigenvector x, as far as {@link lanczos} has come. */
export interface Eigenpair {
  readonly value: number;
  /** Of unit length. */
  readonly vector: Float64Array;
  /** ‖A x − λ x‖₂: some eigenvalue is at most so far from `value`. */
  readonly residual: number;
  readonly converged: boolean;
  /** Products it took. */
  readonly products: number;
}

/** The share of chance in a warm start: without it the search could never leave an eigenvector that another overtook. */
const chance = 0.1;

/**
 * The algebraically largest eigenvalue of a symmetric operator, by Lanczos with full reorthogonalisation in float64.
 *
 * The error of the value is at most the residual, and about residual² over the gap to the next eigenvalue.
 *
 * - Cost: `products` products; memory: one vector for each.
 *
 * @throws RangeError if tolerance or maxProducts are out of range, or start has another dimension.
 * @see Lanczos 1950; Parlett 1980, The Symmetric Eigenvalue Problem, ch. 13
 */
export function lanczos(operator: Operator, options: LanczosOptions): Eigenpair {
  const { random, start, tolerance = 1e-2, maxProducts = 60 } = checkLanczos('lanczos', options);
  const { dimension } = operator;
  if (dimension === 0) throw new RangeError('lanczos: the operator must have a dimension of at least 1, got 0');
  if (start && start.length !== dimension) {
    throw new RangeError(`lanczos: start must hold ${dimension} numbers, got ${start.length}`);
  }
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let next = firstDirection(dimension, random, start);
  for (;;) {
    basis.push(next);
    const image = Float64Array.from(operator.apply(next));
    diagonal.push(dot(next, image));
    // Twice is enough: what the first pass leaves by rounding, the second removes.
    for (const q of [...basis, ...basis]) addScaled(image, -dot(q, image), q);
    const rest = norm(image);
    const { value, weights, largest } = topRitzPair(diagonal, beside);
    const residual = rest * Math.abs(weights.at(-1)!);
    const converged = residual <= tolerance * largest;
    if (converged || basis.length === Math.min(maxProducts, dimension)) {
      return { value, vector: combine(basis, weights), residual, converged, products: basis.length };
    }
    beside.push(rest);
    next = image.map((x) => x / rest);
  }
}

/** @throws RangeError, in the name of `who`, if tolerance or maxProducts are out of range. */
export function checkLanczos<T extends Pick<LanczosOptions, 'tolerance' | 'maxProducts'>>(who: string, options: T): T {
  const { tolerance = 1, maxProducts = 1 } = options;
  if (!(tolerance > 0 && tolerance < Infinity)) {
    throw new RangeError(`${who}: tolerance must be positive and finite, got ${tolerance}`);
  }
  if (!(Number.isInteger(maxProducts) && maxProducts >= 1)) {
    throw new RangeError(`${who}: maxProducts must be a positive integer, got ${maxProducts}`);
  }
  return options;
}

function firstDirection(dimension: number, random: () => number, start?: Float64Array): Float64Array {
  const direction = rademacher(dimension, random).map((x) => x / Math.sqrt(dimension));
  const length = start ? norm(start) : 0;
  if (!start || length === 0) return direction;
  const mixed = start.map((x, i) => x / length + chance * direction[i]!);
  const mixedLength = norm(mixed);
  return mixed.map((x) => x / mixedLength);
}

/**
 * The top eigenpair of the tridiagonal matrix T, and the largest of its eigenvalues in size.
 *
 * By singular values of T + c, c the bound of Gershgorin: these are its eigenvalues, for it has none below 0. So one
 * decomposition serves the whole library, and a page loads no second one.
 */
function topRitzPair(diagonal: readonly number[], beside: readonly number[]) {
  const n = diagonal.length;
  const off = (i: number): number => Math.abs(beside[i] ?? 0);
  const c = Math.max(...diagonal.map((a, i) => Math.abs(a) + off(i - 1) + off(i))) || 1;
  const shifted = Matrix.zeros(n, n);
  diagonal.forEach((a, i) => shifted.set(i, i, a + c));
  beside.forEach((b, i) => {
    shifted.set(i, i + 1, b);
    shifted.set(i + 1, i, b);
  });
  const { diagonal: values, leftSingularVectors } = new SingularValueDecomposition(shifted, {
    computeRightSingularVectors: false,
  });
  const [top, bottom] = [values[0]! - c, values[n - 1]! - c];
  return { value: top, weights: leftSingularVectors.getColumn(0), largest: Math.max(Math.abs(top), Math.abs(bottom)) };
}

function combine(basis: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(basis[0]!.length);
  basis.forEach((q, i) => addScaled(sum, weights[i]!, q));
  return sum;
}
