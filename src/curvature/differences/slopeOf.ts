import { clone, ones, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { pullbackOf } from '../linearize/pullbackOf.js';
import { withRecord } from '../tape/withRecord.js';

/** ∂f/∂x here, by first derivatives alone. 1 gradient. */
export const slopeOf = (f: () => Scalar, xs: readonly Tensor[]): Tensor[] =>
  pulled(
    () => [f()],
    () => [ones([])],
    xs,
  ).grads;

/** f here, and Jᵀ u of the u that is made of it, by first derivatives alone. 1 gradient. */
export function pulled(
  f: () => Tensor[],
  u: (ys: readonly Tensor[]) => readonly Tensor[],
  xs: readonly Tensor[],
): { ys: Tensor[]; grads: Tensor[] } {
  return withRecord(pullbackOf(f, xs), ({ ys, vjp }) => ({ ys: ys.map((y) => clone(y)), grads: vjp(u(ys)) }));
}
