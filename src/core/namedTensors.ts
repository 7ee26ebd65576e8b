import { addN, mul, type NamedTensorMap, type Scalar, sqrt, sum } from '@tensorflow/tfjs-core';

/** Arithmetic on tensors by name, the vectors of weight space. */

export const dot = (a: NamedTensorMap, b: NamedTensorMap): Scalar =>
  addN(Object.keys(a).map((name) => sum(mul(a[name]!, b[name]!)))) as Scalar;

export const globalNorm = (a: NamedTensorMap): Scalar => sqrt(dot(a, a));

export const scale = (a: NamedTensorMap, factor: Scalar | number): NamedTensorMap =>
  Object.fromEntries(Object.entries(a).map(([name, t]) => [name, mul(t, factor)]));
