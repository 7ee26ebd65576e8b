import type { Block } from './blocksOf.js';
import { type Estimate, mean } from './spectrum/estimate.js';

/** What the products of an operator A say of its diagonal blocks, gathered vector by vector. */
export interface BlockForms {
  /** Takes in vᵀA v of each block. */
  see(v: Float64Array, av: Float64Array): void;
  /** @param exact Whether the vectors were all the unit vectors, so that forms are summed and have no error. */
  traces(exact: boolean): ReadonlyMap<string, Estimate>;
}

/**
 * Gathers the traces of diagonal blocks, by name: tr A_bb = E v_bᵀ (A v)_b over random signs v, since what other blocks
 * send into it has mean 0. Sample by sample the blocks add up to vᵀA v.
 */
export function blockForms(blocks: readonly Pick<Block, 'name' | 'inner'>[]): BlockForms {
  const seen = blocks.map((): number[] => []);
  return {
    see(v, av) {
      for (const [b, { inner }] of blocks.entries()) seen[b]!.push(inner(v, av));
    },
    traces: (exact) => new Map(blocks.map(({ name }, b) => [name, exact ? summed(seen[b]!) : mean(seen[b]!)])),
  };
}

const summed = (forms: readonly number[]): Estimate => ({ value: forms.reduce((a, b) => a + b, 0), standardError: 0 });
