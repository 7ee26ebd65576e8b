import { checkSamples } from './checkSamples.js';
import { checkStandardError } from './checkStandardError.js';
import { directions } from './directions.js';
import { type Estimate, LEAST_DRAWS, mean, root, shifted } from './estimate.js';
import { type Forms, formsOf, type Products, sumOf, together } from './forms.js';
import { numberVectors } from './numberVectors.js';
import { orthogonalize } from './orthogonalize.js';
import { rademacher } from './rademacher.js';

/** What {@link hutchinson} takes. */
export interface HutchinsonOptions {
  readonly dimension: number;
  /**
   * Random directions, at least 2; 'exact' takes every unit vector once instead. With `standardError` so many at most, and
   * 6 at least.
   */
  readonly samples: number | 'exact';
  /** Stops as soon as all traces are known so well, relative to the largest of them in size. */
  readonly standardError?: number | undefined;
  /**
   * Orthonormal directions in which the operators are large, such as the vectors of `topEigenpairs`: there they are
   * taken exactly, and chance is left the rest. A call of `products` for each.
   */
  readonly deflate?: readonly Float64Array[] | undefined;
  /**
   * Where to cut a direction into pieces that are multiplied one by one, such as the first weight of each layer: what lies
   * between the pieces then adds no noise. A call of `products` for each piece of each sample.
   */
  readonly cuts?: readonly number[] | undefined;
  /** Uniform in [0, 1), of 32 bits. */
  readonly random: () => number;
}

/** What {@link hutchinson} estimates of one operator A. */
export interface Traces {
  /** tr A */
  readonly trace: Estimate;
  /** ‖A‖_F */
  readonly norm: Estimate;
  /** Random directions it took; fewer than `samples` if the standard error was reached before. */
  readonly samples: number;
}

/**
 * Traces and Frobenius norms of symmetric operators, from their products with the same random vectors of signs:
 *
 *     tr A = E vᵀA v,  ‖A‖_F² = E ‖A v‖²
 *
 * Taken together, H, G and NME are paired: tr H − tr G is tr NME sample by sample. The standard error of a norm is that
 * of its square over 2‖A‖_F (delta method).
 *
 * - Cost: one call of `products` for each sample, or for each dimension if exact; what `deflate` and `cuts` say besides.
 *
 * @param products of one v, by name; or an object that has them, such as the `split` of a curvature.
 * @throws RangeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive, or a cut
 *   lies outside of the vector.
 * @see Hutchinson 1989, A Stochastic Estimator of the Trace of the Influence Matrix; Gambhir, Stathopoulos, Orginos 2017,
 *   arXiv 1603.05988, for deflation
 *
 * @example
 * hutchinson((v) => ({ hessian: hessian.apply(v) }), { dimension: hessian.dimension, samples: 30, random });
 * hutchinson(parts.split, { dimension, samples: 1000, standardError: 0.03, random }); // H, G and NME
 */
export function hutchinson<K extends string>(
  products: Products<K>,
  { dimension, samples, standardError, deflate = [], cuts = [], random }: HutchinsonOptions,
): Readonly<Record<K, Traces>> {
  checkSamples('hutchinson', samples);
  checkStandardError('hutchinson', standardError);
  checkCuts(cuts, dimension);
  if (samples === 'exact') return tracesOf(sumOf(formsOf(products, directions(dimension, 'exact', random))), []);
  const known = sumOf(formsOf(products, deflate));
  const seen: Forms<K>[] = [];
  const settled = (): boolean =>
    standardError !== undefined && seen.length >= LEAST_DRAWS && worst(tracesOf(known, seen)) <= standardError;
  while (seen.length < samples && !settled()) {
    const count = Math.min(together(products), samples - seen.length);
    seen.push(...sample(products, count, () => piecesOf(rademacher(dimension, random), cuts), deflate));
  }
  return tracesOf(known, seen);
}

/** The forms of so many directions, each the sum over its pieces. */
function sample<K extends string>(
  products: Products<K>,
  count: number,
  draw: () => Float64Array[],
  deflate: readonly Float64Array[],
): Forms<K>[] {
  const drawn = Array.from({ length: count }, draw);
  const beside = drawn.flat().map((piece) => orthogonalize(numberVectors, piece, deflate).vector);
  const forms = formsOf(products, beside);
  return drawn.map(({ length }, i) => sumOf(forms.slice(i * length, (i + 1) * length)));
}

/** From what is known exactly, and the mean of what was drawn. */
function tracesOf<K extends string>(known: Forms<K>, seen: readonly Forms<K>[]): Record<K, Traces> {
  const names = [...(seen[0] ?? known).keys()];
  const estimate = (name: K, form: 'quadratic' | 'square'): Estimate =>
    shifted(mean(seen.map((forms) => forms.get(name)![form])), known.get(name)?.[form] ?? 0);
  const traces = names.map((name): [K, Traces] => [
    name,
    { trace: estimate(name, 'quadratic'), norm: root(estimate(name, 'square')), samples: seen.length },
  ]);
  return Object.fromEntries(traces) as Record<K, Traces>;
}

/** The largest standard error of a trace, relative to the largest trace in size. */
function worst(traces: Readonly<Record<string, Traces>>): number {
  const all = Object.values(traces).map(({ trace }) => trace);
  const error = Math.max(...all.map((trace) => trace.standardError));
  return error === 0 ? 0 : error / Math.max(...all.map(({ value }) => Math.abs(value)));
}

function piecesOf(v: Float64Array, cuts: readonly number[]): Float64Array[] {
  const ends = [...new Set([0, ...cuts, v.length])].sort((a, b) => a - b);
  if (ends.length === 2) return [v];
  return ends.slice(1).map((end, i) => {
    const piece = new Float64Array(v.length);
    piece.set(v.subarray(ends[i]!, end), ends[i]!);
    return piece;
  });
}

function checkCuts(cuts: readonly number[], dimension: number): void {
  const amiss = cuts.find((cut) => !(Number.isInteger(cut) && cut >= 0 && cut <= dimension));
  if (amiss === undefined) return;
  throw new RangeError(`hutchinson: cuts must be integers from 0 to the dimension ${dimension}, got ${amiss}`);
}
