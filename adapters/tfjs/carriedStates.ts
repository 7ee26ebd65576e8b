import { clone, dispose, keep, serialization, type Tensor, tensor, zerosLike } from '@tensorflow/tfjs-core';
import { allLayers, type LayerInternals, type ModelInternals, wrapped } from './layersModel.js';
import { override } from './override.js';

/** A recurrent layer that begins a batch with the state in which it left the one before. */
export interface StatefulLayer {
  /** Kept tensors, `[batch, units]` each; the array is changed in place. */
  states_: Tensor[];
  /** Called with what a forward pass came to; it keeps that, and what was before for the backward pass. */
  resetStates(states?: Tensor | Tensor[], training?: boolean): void;
}

/** The stateful layers of a model, those within wrappers and nested models included. */
export function statefulLayers({ layers }: ModelInternals): StatefulLayer[] {
  return allLayers(layers)
    .flatMap((layer) => [layer, ...wrapped(layer)])
    .filter((layer): layer is LayerInternals & StatefulLayer => layer.stateful === true && 'states_' in layer);
}

/**
 * Takes down the states that are there now. What it returns puts overrides, under which every evaluation begins with them
 * again, and what it comes to is forgotten.
 */
export function recallStates(layers: readonly StatefulLayer[]): () => readonly (() => void)[] {
  const begun = layers.map(({ states_ }) => [...states_]);
  return () => layers.flatMap((layer, i) => beginWith(layer, begun[i]!));
}

/** Puts overrides under which an evaluation begins with states of zero, as data from elsewhere must. */
export const zeroStates = (layers: readonly StatefulLayer[]): readonly (() => void)[] =>
  layers.flatMap((layer) => beginWith(layer, layer.states_.map(zerosLike)));

/** For a loop that has no model to ask: the stateful layers that the evaluations of one step come to call. */
export interface MetStates {
  /** Puts what takes down the states in which the step finds a layer. */
  note(): readonly (() => void)[];
  /** Puts what has an evaluation begin with those again, and forget what it comes to. */
  recall(): readonly (() => void)[];
}

export function metStates(): MetStates {
  const begun = new Map<StatefulLayer, Numbers[]>();
  const note = (layer: StatefulLayer): void => {
    if (!begun.has(layer)) begun.set(layer, layer.states_.map(read));
  };
  return {
    note: () => onCall(note),
    recall() {
      const undo = new Map<StatefulLayer, (() => void)[]>();
      const begin = (layer: StatefulLayer): void => {
        note(layer);
        if (!undo.has(layer)) undo.set(layer, beginWith(layer, begun.get(layer)!.map(write)));
      };
      return [...onCall(begin), () => [...undo.values()].flat().forEach((back) => back())];
    },
  };
}

/** States as numbers: outside of training mode tfjs disposes of those it leaves. */
interface Numbers {
  readonly values: Float32Array;
  readonly shape: number[];
}

const read = (state: Tensor): Numbers => ({ values: state.dataSync<'float32'>(), shape: state.shape });
const write = ({ values, shape }: Numbers): Tensor => tensor(values, shape);

/** Overrides the method through which recurrent layers of every kind are called, where tfjs-layers is loaded. */
function onCall(before: (layer: StatefulLayer) => void): (() => void)[] {
  const [recurrent] = serialization.SerializationMap.getMap().classNameMap.RNN ?? [];
  if (!recurrent) return [];
  const layers = recurrent.prototype as Pick<LayerInternals, 'call'>;
  const { call } = layers;
  function called(this: LayerInternals & StatefulLayer, ...given: Parameters<typeof call>): ReturnType<typeof call> {
    if (this.stateful) before(this);
    return call.apply(this, given);
  }
  return [override(layers, 'call', called)];
}

function beginWith(layer: StatefulLayer, states: readonly Tensor[]): (() => void)[] {
  const made: Tensor[] = [];
  // A layer in two places of a model goes on in the second with the state of the first.
  const carry = (next: Tensor | Tensor[] = []): void => {
    layer.states_ = [next].flat().map((state) => keep(clone(state)));
    made.push(...layer.states_);
  };
  return [override(layer, 'states_', [...states]), override(layer, 'resetStates', carry), () => dispose(made)];
}
