import type { LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layer } from './layerGraph.js';
import { layerLike, remaking } from './layerLike.js';
import type { Remade } from './remade.js';
import { setVariable } from './setVariable.js';

/** A layer of the same class and configuration, with the same weights. */
export function copyOf(who: string, layer: Layer): Remade {
  const copy = layerLike(who, layer);
  // Its weights are copied: drawing them first would be in vain.
  copy.setFastWeightInitDuringBuild(true);
  return {
    layers: [copy],
    call: (inputs, args) =>
      remaking(who, layer, () => copy.apply(inputs.length === 1 ? inputs[0]! : inputs, args) as SymbolicTensor),
    fill: () => remaking(who, layer, () => copyWeights(layer, copy)),
  };
}

function copyWeights(from: Layer, to: Layer): void {
  const copies = asMade(to);
  asMade(from).forEach((weight, i) => {
    setVariable(copies[i]!, weight.read());
    copies[i]!.trainable = weight.trainable;
  });
}

/** Weights in the order in which they were made: that of `layer.weights` depends on what is frozen. */
const asMade = ({ weights }: Layer): LayerVariable[] => [...weights].sort((a, b) => a.id - b.id);
