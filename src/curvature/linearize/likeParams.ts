import type { Tensor } from '@tensorflow/tfjs-core';

type Shaped = { readonly shape: readonly number[] };

/** @throws RangeError unless `tensors` match `params` in number and shape. */
export function likeParams(what: string, tensors: readonly Tensor[], params: readonly Shaped[]): readonly Tensor[] {
  const shapes = (ts: readonly Shaped[]): string => ts.map(({ shape }) => `[${shape}]`).join(', ');
  if (shapes(tensors) !== shapes(params)) {
    throw new RangeError(`${what} must have the shapes ${shapes(params)}, got ${shapes(tensors)}`);
  }
  return tensors;
}
