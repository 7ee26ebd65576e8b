import type { NamedTensorMap, Variable } from '@tensorflow/tfjs-core';
import { keptTensors } from '../core/keptTensors.js';
import type { Json } from '../core/objective.js';
import type { Packed } from '../core/pack.js';

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
  const kept = keptTensors();
  let at = -1;
  return {
    put(step, params, direction) {
      at = step;
      kept.put(params.map(({ name }) => direction[name]!));
    },
    since(step, params) {
      const parts = kept.all();
      const fits =
        params.length === parts.length && params.every(({ shape }, i) => `${shape}` === `${parts[i]!.shape}`);
      return fits && at > step ? Object.fromEntries(params.map(({ name }, i) => [name, parts[i]!])) : undefined;
    },
    state: () => ({ at, kept: kept.state() }),
    restore(state) {
      const saved = state as { at: number; kept: readonly Packed[] };
      at = saved.at;
      kept.restore(saved.kept);
    },
    dispose: kept.dispose,
  };
}
