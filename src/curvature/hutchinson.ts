import { rademacher } from './rademacher.js';
import { dot } from './weightSpace.js';

/** What {@link hutchinson} takes. */
export interface HutchinsonOptions {
  readonly dimension: number;
  /** Random directions, at least 2; 'exact' takes every unit vector once instead. */
  readonly samples: number | 'exact';
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A random estimate with its standard error, which is 0 where it is exact. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** What {@link hutchinson} estimates of one operator A. */
export interface Traces {
  /** tr A */
  readonly trace: Estimate;
  /** ‖A‖_F */
  readonly norm: Estimate;
}

/**
 * Traces and Frobenius norms of symmetric operators, from their products with the same random vectors of signs:
 *
 *     tr A = E vᵀA v,  ‖A‖_F² = E ‖A v‖²
 *
 * Taken together, H, G and NME are paired: tr H − tr G is tr NME sample by sample. The standard error of a norm is that
 * of its square over 2‖A‖_F (delta method).
 *
 * - Cost: one call of `products` for each sample, or for each dimension if exact.
 *
 * @param products of one v, by name.
 * @throws RangeError if samples is neither an integer of at least 2 nor 'exact'.
 * @see Hutchinson 1989, A Stochastic Estimator of the Trace of the Influence Matrix
 *
 * @example
 * hutchinson((v) => ({ hessian: hessian.apply(v) }), { dimension: hessian.dimension, samples: 30, random });
 */
export function hutchinson<K extends string>(
  products: (v: Float64Array) => Readonly<Record<K, Float64Array>>,
  { dimension, samples, random }: HutchinsonOptions,
): Readonly<Record<K, Traces>> {
  checkSamples('hutchinson', samples);
  const exact = samples === 'exact';
  const seen = new Map<K, { quadratic: number[]; square: number[] }>();
  for (let i = 0; i < (exact ? dimension : samples); i++) {
    const v = exact ? unit(dimension, i) : rademacher(dimension, random);
    for (const [name, av] of Object.entries(products(v)) as [K, Float64Array][]) {
      const { quadratic, square } = seen.get(name) ?? { quadratic: [], square: [] };
      quadratic.push(dot(v, av));
      square.push(dot(av, av));
      seen.set(name, { quadratic, square });
    }
  }
  const estimate = exact ? sum : mean;
  const traces = [...seen].map(([name, { quadratic, square }]): [K, Traces] => [
    name,
    { trace: estimate(quadratic), norm: root(estimate(square)) },
  ]);
  return Object.fromEntries(traces) as Record<K, Traces>;
}

/** @throws RangeError, in the name of `who`, if samples is neither an integer of at least 2 nor 'exact'. */
export function checkSamples(who: string, samples: number | 'exact'): void {
  if (samples === 'exact' || (Number.isInteger(samples) && samples >= 2)) return;
  throw new RangeError(`${who}: samples must be an integer of at least 2, or 'exact', got ${samples}`);
}

function unit(dimension: number, i: number): Float64Array {
  const v = new Float64Array(dimension);
  v[i] = 1;
  return v;
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const sum = (values: readonly number[]): Estimate => ({ value: total(values), standardError: 0 });

function mean(values: readonly number[]): Estimate {
  const n = values.length;
  const value = total(values) / n;
  const variance = total(values.map((x) => (x - value) ** 2)) / (n - 1);
  return { value, standardError: Math.sqrt(variance / n) };
}

function root({ value, standardError }: Estimate): Estimate {
  const size = Math.sqrt(value);
  return { value: size, standardError: size === 0 ? 0 : standardError / (2 * size) };
}
