import {
  add,
  addN,
  div,
  maximum,
  mul,
  type NamedTensorMap,
  type Scalar,
  sqrt,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Arithmetic on tensors by name, the vectors of weight space. */

export const dot = (a: NamedTensorMap, b: NamedTensorMap): Scalar =>
  addN(Object.keys(a).map((name) => sum(mul(a[name]!, b[name]!)))) as Scalar;

/** ‖a‖₂ over all tensors together. In float32 the squares overflow where it exceeds 1.8e19, and it is ∞. */
export const globalNorm = (a: NamedTensorMap): Scalar => sqrt(dot(a, a));

export const mapTensors = (a: NamedTensorMap, f: (t: Tensor, name: string) => Tensor): NamedTensorMap =>
  Object.fromEntries(Object.entries(a).map(([name, t]) => [name, f(t, name)]));

export const scale = (a: NamedTensorMap, factor: Scalar | number): NamedTensorMap =>
  mapTensors(a, (t) => mul(t, factor));

/** a + factor · b, of the names in a. */
export const addScaled = (a: NamedTensorMap, b: NamedTensorMap, factor: Scalar | number): NamedTensorMap =>
  mapTensors(a, (t, name) => add(t, mul(b[name]!, factor)));

/** v at the length given; shorter where ‖v‖ < 1e-12, which passes for 0. NaN where the norm overflows: see `orNaN`. */
export function ofLength(v: NamedTensorMap, length: number): NamedTensorMap {
  const norm = globalNorm(v);
  return scale(v, orNaN(div(length, maximum(norm, 1e-12)), norm));
}

/**
 * A factor made of a norm, bit for bit; NaN where the norm is ∞.
 *
 * Dividing by ∞ would make it 0, and the step would silently be another. To rescale by the largest magnitude first would
 * triple the price of a norm in every step, for gradients of runs that have diverged; TensorFlow signals them so too.
 */
export const orNaN = (factor: Scalar, norm: Scalar): Scalar => add(factor, sub(norm, norm));
