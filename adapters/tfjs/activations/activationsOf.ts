import type { ChangeActivation, Elementwise } from '../../../src/core/objective.js';
import {
  type Activation,
  allLayers,
  innermost,
  type LayerInternals,
  type ModelInternals,
  outputLayer,
  wrapped,
} from '../layersModel.js';
import { override, overriding } from '../override.js';

/** The activations of a model, each a function of every element by itself. */
export interface ModelActivations {
  /** The layers that apply one. */
  readonly layers: readonly string[];
  /** Runs `f`, in which they are what `change` makes of them. */
  within<T>(change: ChangeActivation, f: () => T): T;
}

/** Where a model applies an activation. */
interface Place {
  readonly layer: string;
  /** Puts in its place what is made of it, and returns what puts it back. */
  replace(change: (activation: Elementwise) => Elementwise): () => void;
}

/**
 * Finds the activations of dense, convolutional, recurrent and activation layers, in wrappers and nested models too.
 *
 * Not among them are softmax, which is of several elements; a last sigmoid, which belongs to the loss; linear ones; PReLU,
 * whose weights are in it; and what a layer of the user's own computes.
 */
export function activationsOf(model: ModelInternals): ModelActivations {
  const links = new Set(
    model.outputs.map(outputLayer).flatMap((layer) => [layer, ...wrapped(layer).map((l) => innermost(l))]),
  );
  const places = [...new Set(allLayers(model.layers))]
    .filter((layer) => !layer.layers)
    .flatMap((layer) => holders(layer).flatMap((holder) => placesIn(holder, layer.name, links.has(holder))));
  return {
    layers: [...new Set(places.map(({ layer }) => layer))],
    within: (change, f) =>
      overriding(() => places.map(({ layer, replace }) => replace((activation) => change(activation, layer))), f),
  };
}

/** A layer, what it wraps, and the cells in these. */
function holders(layer: LayerInternals): LayerInternals[] {
  const { cell, cells = [] } = layer;
  return [layer, ...[...wrapped(layer), ...(cell ? [cell] : []), ...cells].flatMap(holders)];
}

function placesIn(holder: LayerInternals, layer: string, isLast: boolean): Place[] {
  if (AS_LAYERS.has(holder.getClassName())) return [asLayer(holder, layer)];
  return (['activation', 'recurrentActivation'] as const).flatMap((key): Place[] => {
    const activation = holder[key];
    if (!activation?.apply || NONE.has(activation.getClassName())) return [];
    if (isLast && activation.getClassName() === 'sigmoid') return [];
    // Dense layers fuse activations whose class they know, and would not call this.
    const called = (apply: Elementwise): Activation => ({ apply, getClassName: () => 'replaced' });
    const replace: Place['replace'] = (change) => {
      const now = holder[key]!;
      return override(holder, key, called(change((x) => now.apply(x))));
    };
    return [{ layer, replace }];
  });
}

const NONE = new Set(['linear', 'softmax', 'logSoftmax']);

/** Activations that are layers of their own. */
const AS_LAYERS = new Set(['ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU']);

const asLayer = (holder: LayerInternals, layer: string): Place => ({
  layer,
  replace(change) {
    const now = holder.call;
    const changed = change((x) => [now.call(holder, x, {})].flat()[0]!);
    return override(holder, 'call', (inputs) => changed([inputs].flat()[0]!));
  },
});
