import { checkPositive } from '../../core/checkNumber.js';
import { checkOneOf } from '../../core/checkOneOf.js';
import { refuseUnless } from '../../core/refuseUnless.js';
import { convergence } from './convergence.js';
import { type Eigenpair, type Eigenvalue, ritzError } from './eigenpair.js';
import { type KrylovSpace, krylov } from './krylov.js';
import type { Operator } from './operator.js';
import { rademacher } from './rademacher.js';
import { type RitzPairs, ritzPairs } from './ritz.js';
import { addScaled, norm, scale } from './weightSpace.js';

/** What {@link lanczos}, {@link extremes} and {@link topEigenpairs} take. */
export interface LanczosOptions {
  /** Uniform in [0, 1), of 32 bits at least. */
  readonly random: () => number;
  /**
   * Guesses of what is looked for: `next` of what was found last, or the gradient, which leans towards the top. Their
   * lengths do not matter. Default: a random direction.
   */
  readonly start?: Float64Array | readonly Float64Array[] | undefined;
  /** What to stop at, relative to the largest eigenvalue met. Default 1e-2; float32 reaches residuals of 1e-6. */
  readonly tolerance?: number | undefined;
  /**
   * What is held to the tolerance: the residual, which bounds the error, or the error as estimated, which is smaller and
   * takes fewer products. Default 'residual'.
   */
  readonly until?: 'residual' | 'error' | undefined;
  /** Products to stop at. Default 60. */
  readonly maxProducts?: number | undefined;
}

/** What a search has come to. Its vectors are there for the asking until it is disposed of. */
export interface Found {
  /** In the order they were asked for. */
  readonly values: readonly Eigenvalue[];
  readonly products: number;
  readonly space: KrylovSpace;
  /** As `values`, with their vectors. */
  pairs(): Eigenpair[];
  /** Where the next search for all of them should start: the sum of their `next`. */
  next(): Float64Array;
}

/** The share of chance in a warm start: without it the search could never leave an eigenvector that another overtook. */
const CHANCE = 0.1;

/** Products after which that share has been multiplied often enough to show: a warm search does not end before. */
const WARM_PRODUCTS = 3;

/** A search that can be taken up again in the space it has built: what one asks for is not looked for twice. */
export interface SpectrumSearch {
  /**
   * @param wanted places among n values, the largest being 0.
   * @throws Error if a product fails, and from then on.
   */
  find(wanted: (n: number) => readonly number[], stop: StopRule): Found;
  /** Frees its vectors. */
  dispose(): void;
}

/** When a search ends. */
export type StopRule = Pick<LanczosOptions, 'tolerance' | 'until' | 'maxProducts'>;

/**
 * Runs Lanczos until the wanted eigenpairs have converged, or `maxProducts` are spent.
 *
 * @param wanted their places among n values, the largest being 0.
 * @param take takes out what is needed, before the search lets go of its vectors.
 */
export function searchSpectrum<T>(
  who: string,
  operator: Operator,
  options: LanczosOptions,
  wanted: (n: number) => readonly number[],
  take: (found: Found) => T,
): T {
  const stop = checkLanczos(who, options);
  const search = openSearch(who, operator, options);
  try {
    return take(search.find(wanted, stop));
  } finally {
    search.dispose();
  }
}

/** Opens a search, which makes no product until it is asked for something. `maxProducts` are those of all that is asked for. */
export function openSearch(
  who: string,
  operator: Operator,
  { random, start }: Pick<LanczosOptions, 'random' | 'start'>,
): SpectrumSearch {
  const { dimension } = operator;
  if (dimension === 0) throw new RangeError(`${who}: the operator must have a dimension of at least 1, got 0`);
  const starts = startsOf(who, dimension, start);
  const spaces = krylov(operator, firstDirection(dimension, random, starts), random);
  let space: KrylovSpace | undefined;
  const convergedIn = convergence(dimension);
  const larger = (): KrylovSpace => {
    const { value, done } = spaces.next();
    if (done) throw new Error(`${who}: a product of this search has failed, or it is disposed of; open another`);
    return value;
  };
  return {
    find(wanted, { tolerance = 1e-2, until = 'residual', maxProducts = 60 }) {
      const most = Math.min(maxProducts, dimension);
      const least = Math.min(starts.length > 0 ? WARM_PRODUCTS : 1, most);
      for (;;) {
        space ??= larger();
        const ritz = ritzPairs(space);
        const products = ritz.values.length;
        const places = wanted(products);
        const has = convergedIn(ritz, places, { tolerance, until });
        const done = places.every(has) && products >= Math.min(wanted(most).length, most) && products >= least;
        if (done || products >= most) return foundIn(space, ritz, places, has);
        space = undefined;
      }
    },
    dispose() {
      space = undefined;
      spaces.return(undefined);
    },
  };
}

function foundIn(space: KrylovSpace, ritz: RitzPairs, places: readonly number[], has: (i: number) => boolean): Found {
  const products = ritz.values.length;
  const values = places.map((i) => ({
    value: ritz.values[i]!,
    residual: ritz.residuals[i]!,
    error: ritzError(ritz, i),
    converged: has(i),
    products,
  }));
  const nextOf = (i: number) => [[i, 1], ...runnerUp(ritz, i, places).map((j) => [j, CHANCE] as const)] as const;
  return {
    values,
    products,
    space,
    pairs: () =>
      values.map((value, k) => {
        const i = places[k]!;
        return { ...value, vector: ritz.mixture([[i, 1]]), next: ritz.mixture(nextOf(i)) };
      }),
    next: () => ritz.mixture(places.flatMap(nextOf)),
  };
}

/** The place of the value nearest to the i-th among those that nobody asked for, if there is one. */
function runnerUp({ values }: RitzPairs, i: number, places: readonly number[]): number[] {
  const others = [...values.keys()].filter((j) => !places.includes(j));
  const distance = (j: number): number => Math.abs(values[j]! - values[i]!);
  return others.sort((a, b) => distance(a) - distance(b)).slice(0, 1);
}

/** @throws RangeError, in the name of `who`, if tolerance or maxProducts are out of range, or until is unknown. */
export function checkLanczos<T extends Pick<LanczosOptions, 'tolerance' | 'maxProducts' | 'until'>>(
  who: string,
  options: T,
): T {
  const { tolerance = 1, maxProducts = 1, until = 'error' } = options;
  checkPositive(`${who}: tolerance`, tolerance);
  refuseUnless(
    Number.isInteger(maxProducts) && maxProducts >= 1,
    `${who}: maxProducts`,
    'a positive integer',
    maxProducts,
  );
  checkOneOf(`${who}: until`, until, ['residual', 'error']);
  return options;
}

/** The guesses that point somewhere. */
function startsOf(who: string, dimension: number, start: LanczosOptions['start']): Float64Array[] {
  const guesses = start === undefined ? [] : start instanceof Float64Array ? [start] : start;
  for (const { length } of guesses) {
    if (length !== dimension) throw new RangeError(`${who}: start must hold ${dimension} numbers, got ${length}`);
  }
  return guesses.filter((guess) => norm(guess) > 0);
}

/** The guesses alike, and a share of chance. */
function firstDirection(dimension: number, random: () => number, starts: readonly Float64Array[]): Float64Array {
  const direction = rademacher(dimension, random);
  scale(direction, (starts.length > 0 ? CHANCE : 1) / Math.sqrt(dimension));
  for (const start of starts) addScaled(direction, 1 / (Math.sqrt(starts.length) * norm(start)), start);
  scale(direction, 1 / norm(direction));
  return direction;
}
