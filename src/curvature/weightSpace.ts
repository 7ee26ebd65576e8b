import { type Tensor, tensor } from '@tensorflow/tfjs-core';

/** Vectors of weight space as one list of numbers: the parameters in order, each row by row. */

export const dimensionOf = (params: readonly Tensor[]): number => params.reduce((n, { size }) => n + size, 0);

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
export function unflatten(v: Float64Array, params: readonly Tensor[]): Tensor[] {
  let at = 0;
  return params.map(({ size, shape }) => {
    const part = Float32Array.from(v.subarray(at, at + size));
    at += size;
    return tensor(part, shape, 'float32');
  });
}

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** a ← a + factor · b */
export function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
