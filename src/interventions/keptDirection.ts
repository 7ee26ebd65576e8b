import { keep, type NamedTensorMap, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Json } from '../core/objective.js';
import { type Packed, pack, unpack } from '../core/pack.js';

/** A vector of weight space that is kept from step to step. */
export interface KeptDirection {
  put(step: number, params: readonly Variable[], direction: NamedTensorMap): void;
  /** What was put after the given step; nothing if that was for other parameters, as before layers froze or thawed. */
  since(step: number, params: readonly Variable[]): NamedTensorMap | undefined;
  state(): Json;
  restore(state: Json): void;
  dispose(): void;
}

/** In the order of the parameters: in another process they may have other names. */
export function keptDirection(): KeptDirection {
  let [at, kept]: [number, readonly Tensor[]] = [-1, []];
  const dispose = (): void => {
    for (const t of kept) t.dispose();
    kept = [];
  };
  return {
    put(step, params, direction) {
      dispose();
      [at, kept] = [step, params.map(({ name }) => keep(direction[name]!))];
    },
    since(step, params) {
      const fits = params.length === kept.length && params.every(({ shape }, i) => `${shape}` === `${kept[i]!.shape}`);
      return fits && at > step ? Object.fromEntries(params.map(({ name }, i) => [name, kept[i]!])) : undefined;
    },
    state: () => ({ at, kept: kept.map(pack) }),
    restore(state) {
      dispose();
      const saved = state as { at: number; kept: readonly Packed[] };
      [at, kept] = [saved.at, saved.kept.map((packed) => tidy(() => keep(unpack(packed))))];
    },
    dispose,
  };
}
