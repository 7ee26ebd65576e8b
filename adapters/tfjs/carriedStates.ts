import { clone, dispose, keep, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { allLayers, type LayerInternals, type ModelInternals } from './layersModel.js';
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

const wrapped = ({ layer, forwardLayer, backwardLayer }: LayerInternals): LayerInternals[] =>
  [layer, forwardLayer, backwardLayer].filter((inner) => inner !== undefined);

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

function beginWith(layer: StatefulLayer, states: readonly Tensor[]): (() => void)[] {
  const made: Tensor[] = [];
  // A layer in two places of a model goes on in the second with the state of the first.
  const carry = (next: Tensor | Tensor[] = []): void => {
    layer.states_ = [next].flat().map((state) => keep(clone(state)));
    made.push(...layer.states_);
  };
  return [override(layer, 'states_', [...states]), override(layer, 'resetStates', carry), () => dispose(made)];
}
