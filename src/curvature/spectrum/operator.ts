import type { Tensor } from '@tensorflow/tfjs-core';

/** A symmetric matrix on weight space, known by its products. */
export interface Operator {
  readonly dimension: number;
  /** Of one product, in gradient evaluations. */
  readonly cost: number;
  /** v ↦ A v, in a vector that is the caller's; v stays as it is. */
  apply(v: Float64Array): Float64Array;
  /** What of the cost is spent once on all vectors that are multiplied together. Default 0. */
  readonly shared?: number | undefined;
  /** The products of several vectors, where they are cheaper together. */
  applyAll?(vs: readonly Float64Array[]): Float64Array[];
  /** The same product of vectors that need not leave the backend. */
  readonly tensors?: TensorProduct | undefined;
}

/** The shape of a tensor, and how many numbers it holds. */
export type Shaped = Pick<Tensor, 'shape' | 'size'>;

/** v ↦ A v of lists of tensors shaped like the parameters. */
export interface TensorProduct {
  readonly params: readonly Shaped[];
  /** The caller owns the result. */
  apply(v: readonly Tensor[]): Tensor[];
}
