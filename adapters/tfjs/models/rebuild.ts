import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { classNamed } from './classNamed.js';
import { copyOf } from './copyOf.js';
import { type Layer, type LayerGraph, layerGraph, type Place, placesBetween } from './layerGraph.js';
import type { Remade } from './remade.js';
import { remembered } from './remembered.js';

/** How one graph is written anew: what stands in it for a layer, and nothing where a copy does. */
export type Rewrite = (graph: LayerGraph) => (layer: Layer) => Remade | undefined;

/**
 * A new model whose graph is that of a model, with other layers in it. The given one is only read; nothing is shared but the
 * numbers of weights that are copied.
 *
 * Nested models are written anew themselves. A layer that stands in several places is remade once, and stands in all of them.
 * Where something throws, no weight is left.
 *
 * @param who is named in errors.
 */
export function rebuild(who: string, model: LayersModel, rewrite: Rewrite): LayersModel {
  if (model.outputs.length === 0) throw new TypeError(`${who}: model ${model.name} has no layers; add some first`);
  const all = new Set<Remade>();
  const copied = remembered((layer: Layer) => (isModel(layer) ? nested(plan(layer)) : copyOf(who, layer)));

  function plan(old: LayersModel): () => LayersModel {
    const graph = layerGraph(old);
    const rewritten = remembered(rewrite(graph));
    const remadeOf = (layer: Layer): Remade => {
      const remade = rewritten(layer) ?? copied(layer);
      all.add(remade);
      return remade;
    };
    return assembly(old, stepsOf(graph, remadeOf));
  }

  const build = plan(model);
  const remade = [...all];
  try {
    const made = build();
    for (const one of remade) one.fill();
    return made;
  } catch (error) {
    for (const { weights } of remade.flatMap(({ layers }) => layers)) weights.forEach((weight) => weight.dispose());
    throw error;
  }
}

/** A model that is a layer of another; the layers in it have their weights from their own. */
function nested(build: () => LayersModel): Remade {
  let made: LayersModel | undefined;
  return {
    layers: [],
    call(inputs, args) {
      made ??= build();
      return made.apply(inputs, args) as SymbolicTensor;
    },
    fill() {},
  };
}

/** A call in the new model, between tensors of the old one. */
interface Step {
  readonly remade: Remade;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly args: Record<string, unknown>;
}

/** What nothing asks for any more is left out. */
function stepsOf({ inputs, outputs }: LayerGraph, remadeOf: (layer: Layer) => Remade): Step[] {
  const takenBy = (place: Place): readonly SymbolicTensor[] =>
    remadeOf(place.outboundLayer).inputs?.(place) ?? place.inputTensors;
  return placesBetween(inputs, outputs, takenBy).map((place) => ({
    remade: remadeOf(place.outboundLayer),
    inputs: takenBy(place),
    outputs: place.outputTensors,
    args: plainArguments(place),
  }));
}

/** Those that say how to compute. Symbolic tensors of the old graph are among the inputs already. */
function plainArguments({ callArgs }: Place): Record<string, unknown> {
  return Object.fromEntries(Object.entries(callArgs ?? {}).filter(([, value]) => typeof value !== 'object'));
}

function assembly(old: LayersModel, steps: readonly Step[]): () => LayersModel {
  return () => {
    const anew = new Map(old.inputs.map((input) => [input, inputLike(input)]));
    const of = (tensors: readonly SymbolicTensor[]): SymbolicTensor[] => tensors.map((tensor) => anew.get(tensor)!);
    for (const { remade, inputs, outputs, args } of steps) {
      const made = [remade.call(of(inputs), args)].flat();
      outputs.forEach((output, i) => anew.set(output, made[i]!));
    }
    const [inputs, outputs] = [of(old.inputs), of(old.outputs)];
    const model = new (classNamed<LayersModel>('Model'))({ inputs, outputs, name: old.name });
    if (!old.trainable) model.trainable = false;
    return model;
  };
}

function inputLike({ sourceLayer }: SymbolicTensor): SymbolicTensor {
  const layer = new (classNamed<Layer>('InputLayer'))(sourceLayer.getConfig());
  return layer.inboundNodes[0]!.outputTensors[0]!;
}

const isModel = (layer: Layer): layer is LayersModel => 'layers' in layer && 'outputs' in layer;
