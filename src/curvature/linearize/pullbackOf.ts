import type { Tensor } from '@tensorflow/tfjs-core';
import { pathBetween } from '../tape/pullback.js';
import { type Disposable, recording } from '../tape/recording.js';
import { likeParams } from './likeParams.js';

/** The results of a function, and how they pull back what is above them. */
export interface Pullback extends Disposable {
  readonly ys: readonly Tensor[];
  /** u ↦ Jᵀ u, from the shapes of the results to those of `xs`; the caller owns the result. */
  vjp(u: readonly Tensor[]): Tensor[];
}

/**
 * Records x ↦ f(x) for first derivatives alone: no kernel on the way needs a second one.
 *
 * An x that `f` does not read has a zero block.
 *
 * - Cost: 1/3 of a gradient to record, 2/3 for each product.
 *
 * @throws Error if a kernel on the way has no derivative, naming it.
 */
export function pullbackOf(f: () => Tensor[], xs: readonly Tensor[]): Pullback {
  return recording(({ record, keepOnly, walk }) => {
    const { ys, nodes } = record(f);
    const down = pathBetween(nodes, xs, ys);
    keepOnly([down]);
    const vjp = walk(down, ys, xs);
    return { ys, vjp: (u: readonly Tensor[]) => vjp(likeParams('vjp: u', u, ys)) };
  });
}
