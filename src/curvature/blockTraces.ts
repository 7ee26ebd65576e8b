import { blockForms } from './blockForms.js';
import type { Block } from './blocksOf.js';
import { checkSamples } from './spectrum/checkSamples.js';
import { directions } from './spectrum/directions.js';
import type { Estimate } from './spectrum/estimate.js';
import { multiplied } from './spectrum/forms.js';
import type { Operator } from './spectrum/operator.js';
import { productsOf } from './spectrum/productsOf.js';

/** What {@link blockTraces} takes. */
export interface BlockTracesOptions {
  /** Random directions, at least 2; 'exact' takes every unit vector once instead. */
  readonly samples: number | 'exact';
  /** Uniform in [0, 1), of 32 bits. */
  readonly random: () => number;
}

/**
 * The traces of all diagonal blocks of an operator at once, from the same products: with A v whole,
 *
 *     tr A_bb = E v_bᵀ (A v)_b
 *
 * over random signs v. Sample by sample they add up to vᵀA v, `hutchinson`'s estimate of tr A. What lies between the
 * blocks is noise here, and none in products of the single blocks.
 *
 * - Cost: `samples` products of the whole operator, or as many as it has dimensions if exact, however many blocks.
 *
 * @param blocks from `blocksOf` of the curvature the operator is of.
 * @returns the estimates by the names of the blocks.
 * @throws RangeError if samples is neither an integer of at least 2 nor 'exact'.
 * @see Hutchinson 1989, A Stochastic Estimator of the Trace of the Influence Matrix
 *
 * @example
 * blockTraces(curvature.hessian, blocksOf(curvature), { samples: 30, random }).get('dense_1');
 */
export function blockTraces(
  operator: Operator,
  blocks: readonly Block[],
  { samples, random }: BlockTracesOptions,
): ReadonlyMap<string, Estimate> {
  checkSamples('blockTraces', samples);
  const forms = blockForms(blocks);
  const drawn = directions(operator.dimension, samples, random);
  for (const [v, { a }] of multiplied(productsOf('a', operator), drawn)) forms.see(v, a);
  return forms.traces(samples === 'exact');
}
