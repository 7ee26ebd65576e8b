import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { dot } from '../../linalg/dot.js';
import type { Shaped } from './operator.js';

/** Vectors of weight space as one list of numbers: the parameters in order, each row by row. */

export const dimensionOf = (params: readonly Shaped[]): number => params.reduce((n, { size }) => n + size, 0);

/** Reads tensors back, one behind the other. */
export function flatten(tensors: readonly Tensor[]): Float64Array {
  const v = new Float64Array(dimensionOf(tensors));
  let at = 0;
  for (const t of tensors) {
    v.set(t.dataSync(), at);
    at += t.size;
  }
  return v;
}

/** Cuts a vector into new tensors shaped like `params`. */
export function unflatten(v: Float64Array, params: readonly Shaped[]): Tensor[] {
  // As float32 in one go; each tensor then is a view, which its backend copies as it takes it up.
  const single = new Float32Array(v);
  let at = 0;
  return params.map(({ size, shape }) => {
    const part = single.subarray(at, at + size);
    at += size;
    return tensor(part, shape, 'float32');
  });
}

/** Whether no number of it is NaN or infinite: 0 · x is 0 for every finite x, and NaN otherwise. */
export function isFiniteVector(v: Float64Array): boolean {
  let zero = 0;
  for (let i = 0; i < v.length; i++) zero += 0 * v[i]!;
  return zero === 0;
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** a ← a + factor · b */
export function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + factor * b[i]!;
}

/** a ← factor · a */
export function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! * factor;
}
