import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layer, Place } from './layerGraph.js';

/** What stands in a new model for a layer of an old one, in every place where that stood. */
export interface Remade {
  /** The layers it is made of. */
  readonly layers: readonly Layer[];
  /** What it is called on, of the old model. Default: what the layer was called on. */
  inputs?(place: Place): readonly SymbolicTensor[];
  call(inputs: SymbolicTensor[], args: Record<string, unknown>): SymbolicTensor | SymbolicTensor[];
  /** Gives its layers their weights, once all are built. */
  fill(): void;
}
