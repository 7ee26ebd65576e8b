import { clone, dispose, type Tensor, type Variable } from '@tensorflow/tfjs-core';

/**
 * Evaluates `f` with the parameters at other weights, then puts the very same weights back, also when `f` throws.
 *
 * @param weights in the order of the parameters; one that is undefined stays as it is.
 */
export function atWeights<T>(params: readonly Variable[], weights: readonly (Tensor | undefined)[], f: () => T): T {
  const before = params.map((p) => clone(p));
  try {
    params.forEach((p, i) => {
      const there = weights[i];
      if (there) p.assign(there);
    });
    return f();
  } finally {
    params.forEach((p, i) => p.assign(before[i]!));
    dispose(before);
  }
}
