import type { Tensor } from '@tensorflow/tfjs-core';

/** @throws RangeError unless `tensors` match `params` in number and shape. */
export function likeParams(what: string, tensors: readonly Tensor[], params: readonly Tensor[]): readonly Tensor[] {
  const shapes = (ts: readonly Tensor[]): string => ts.map(({ shape }) => `[${shape}]`).join(', ');
  if (shapes(tensors) !== shapes(params)) {
    throw new RangeError(`${what} must have the shapes ${shapes(params)}, got ${shapes(tensors)}`);
  }
  return tensors;
}
