import { dispose, keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type Packed, pack, unpack } from './pack.js';

/** Tensors that last from step to step, beyond the tidy of each. */
export interface KeptTensors {
  all(): readonly Tensor[];
  /** Keeps these, and disposes of those before that are not among them. */
  put(tensors: readonly Tensor[]): void;
  state(): Packed[];
  restore(saved: readonly Packed[]): void;
  dispose(): void;
}

export function keptTensors(): KeptTensors {
  let kept: readonly Tensor[] = [];
  const put = (tensors: readonly Tensor[]): void => {
    dispose(kept.filter((t) => !tensors.includes(t)));
    kept = tensors.map((t) => keep(t));
  };
  return {
    all: () => kept,
    put,
    state: () => kept.map(pack),
    restore: (saved) => tidy(() => put(saved.map(unpack))),
    dispose: () => put([]),
  };
}
