import type { Block } from './blocksOf.js';
import { checkSamples } from './spectrum/checkSamples.js';
import { type Estimate, mean } from './spectrum/estimate.js';
import type { Operator } from './spectrum/operator.js';
import { rademacher } from './spectrum/rademacher.js';
import { dot } from './spectrum/weightSpace.js';

/** What {@link blockTraces} takes. */
export interface BlockTracesOptions {
  /** Random directions, at least 2. */
  readonly samples: number;
  /** Uniform in [0, 1), of 32 bits. */
  readonly random: () => number;
}

/**
 * The traces of all diagonal blocks of an operator at once, from the same products: with A v whole,
 *
 *     tr A_bb = E v_bᵀ (A v)_b
 *
 * Sample by sample they add up to vᵀA v, `hutchinson`'s estimate of tr A. What lies between the blocks is noise here, and
 * none in products of the single blocks.
 *
 * - Cost: `samples` products of the whole operator, however many blocks.
 *
 * @param blocks from `blocksOf` of the curvature the operator is of.
 * @returns the estimates by the names of the blocks.
 * @throws RangeError if samples is not an integer of at least 2.
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
  const seen = blocks.map((): number[] => []);
  for (let i = 0; i < samples; i++) {
    const v = rademacher(operator.dimension, random);
    const image = operator.apply(v);
    for (const [b, { restrict }] of blocks.entries()) seen[b]!.push(dot(restrict(v), restrict(image)));
  }
  return new Map(blocks.map(({ name }, b) => [name, mean(seen[b]!)]));
}
