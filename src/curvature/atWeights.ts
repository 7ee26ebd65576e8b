import { clone, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';

/** Evaluates `f` with the parameters at `weights`, then puts the very same values back, also when `f` throws. */
export function atWeights<T extends Tensor[]>(params: readonly Variable[], weights: readonly Tensor[], f: () => T): T {
  return tidy(() => {
    const before = params.map((p) => clone(p));
    try {
      params.forEach((p, i) => p.assign(weights[i]!));
      return f();
    } finally {
      params.forEach((p, i) => p.assign(before[i]!));
    }
  });
}
