import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Operator, Shaped } from './spectrum/operator.js';
import { dimensionOf, flatten, isFiniteVector, unflatten } from './spectrum/weightSpace.js';
import { scoped } from './tape/scoped.js';

/** Where the flat vectors of products live, and how long the record does. */
export interface Space {
  /** What a vector is cut into. */
  readonly params: readonly Shaped[];
  readonly alive: () => boolean;
}

/** A product of tensors as an operator on flat vectors. */
export const operatorOn = (
  space: Space,
  name: string,
  cost: number,
  product: (v: readonly Tensor[]) => Tensor[],
): Operator => ({
  dimension: dimensionOf(space.params),
  cost,
  apply: (v) => scoped(() => finite(name, flatten(product(tensorsOf(name, v, space))))),
  tensors: { params: space.params, apply: (v) => tidy(() => product(v)) },
});

/** @throws Error in the name of what needs the tensors, if the record is gone; RangeError if v has another length. */
export function tensorsOf(name: string, v: Float64Array, { params, alive }: Space): Tensor[] {
  if (!alive()) throw new Error(`${name}: this curvature is disposed of; take its products before dispose()`);
  if (v.length !== dimensionOf(params)) {
    throw new RangeError(`${name}: v must hold ${dimensionOf(params)} numbers, got ${v.length}`);
  }
  return unflatten(v, params);
}

/** @throws Error that names the first number that is not finite. */
export function finite(name: string, v: Float64Array): Float64Array {
  if (isFiniteVector(v)) return v;
  const at = v.findIndex((x) => !Number.isFinite(x));
  throw new Error(`curvature: the ${name} is ${v[at]} at ${at}; weights or data are out of range`);
}
