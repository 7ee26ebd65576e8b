import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;
/** One place where a layer stands: what it is called on there, and what it makes. */
export type Place = Layer['inboundNodes'][number];

/** The places of one model; a nested model is one layer in it. */
export interface LayerGraph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** In an order in which they can be computed, the inputs left out. */
  readonly places: readonly Place[];
}

/** The place that made a tensor. */
export const placeOf = ({ sourceLayer, nodeIndex }: SymbolicTensor): Place => sourceLayer.inboundNodes[nodeIndex]!;

/** Layers may stand in other models as well: only the places on the way from inputs to outputs are of this one. */
export const layerGraph = ({ inputs, outputs }: Pick<LayersModel, 'inputs' | 'outputs'>): LayerGraph => ({
  inputs,
  outputs,
  places: placesBetween(inputs, outputs, ({ inputTensors }) => inputTensors),
});

/** Found from the outputs back, each place after those that make what it takes. */
export function placesBetween(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
  takenBy: (place: Place) => readonly SymbolicTensor[],
): Place[] {
  const known = new Set(inputs);
  const places: Place[] = [];
  const visit = (tensor: SymbolicTensor): void => {
    if (known.has(tensor)) return;
    const place = placeOf(tensor);
    takenBy(place).forEach(visit);
    for (const made of place.outputTensors) known.add(made);
    places.push(place);
  };
  outputs.forEach(visit);
  return places;
}
