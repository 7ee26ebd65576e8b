import { serialization } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type Layer, type LayerGraph, layerGraph, type Place, placeOf } from './layerGraph.js';
import { setVariable } from './setVariable.js';

/** What stands in the new model for a layer, in every place where that stood. */
export interface Remade {
  /** What it is called on, in the old model. Default: what the layer was called on. */
  inputs?(place: Place): readonly SymbolicTensor[];
  call(inputs: SymbolicTensor[], args: Arguments): SymbolicTensor | SymbolicTensor[];
  /** Gives it its weights, once it is built. */
  fill(): void;
}

type Arguments = Record<string, unknown>;
type Config = Record<string, unknown>;
/** How one graph is written anew: what stands for a layer, and nothing where a copy does. */
export type Rewrite = (graph: LayerGraph) => (layer: Layer) => Remade | undefined;

/**
 * A new model whose graph is that of a model, with other layers in it. The given one is only read; nothing is shared but the
 * numbers of weights that are copied.
 *
 * Nested models are written anew themselves. A layer that stands in several places is remade once, and stands in all of them.
 * Whatever refuses, refuses before a weight is made.
 *
 * @param who names the function in errors.
 */
export function rebuild(who: string, model: LayersModel, rewrite: Rewrite): LayersModel {
  if (model.outputs.length === 0) throw new TypeError(`${who}: model ${model.name} has no layers; add some first`);
  const known = new Map<Layer, Remade>();
  const fill: (() => void)[] = [];

  function plan(old: LayersModel): () => LayersModel {
    const graph = layerGraph(old);
    const remake = rewrite(graph);
    const remadeOf = (layer: Layer): Remade => {
      const remade = known.get(layer) ?? (isModel(layer) ? nested(layer) : (remake(layer) ?? copyOf(who, layer)));
      if (!known.has(layer)) fill.push(() => remade.fill());
      known.set(layer, remade);
      return remade;
    };
    return assembly(old, stepsOf(graph, remadeOf));
  }

  function nested(old: LayersModel): Remade {
    const build = plan(old);
    let made: LayersModel | undefined;
    return {
      call(inputs, args) {
        made ??= build();
        return made.apply(inputs, args) as SymbolicTensor;
      },
      fill() {},
    };
  }

  const made = plan(model)();
  for (const one of fill) one();
  return made;
}

/** One call in the new model, between tensors of the old one. */
interface Step {
  readonly remade: Remade;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly args: Arguments;
}

/** Found from the outputs back, so that what nothing asks for any more is left out. */
function stepsOf({ inputs, outputs }: LayerGraph, remadeOf: (layer: Layer) => Remade): Step[] {
  const known = new Set(inputs);
  const steps: Step[] = [];
  const visit = (tensor: SymbolicTensor): void => {
    if (known.has(tensor)) return;
    const place = placeOf(tensor);
    const remade = remadeOf(place.outboundLayer);
    const asked = remade.inputs?.(place) ?? place.inputTensors;
    asked.forEach(visit);
    for (const made of place.outputTensors) known.add(made);
    steps.push({ remade, inputs: asked, outputs: place.outputTensors, args: plainArguments(place) });
  };
  outputs.forEach(visit);
  return steps;
}

function assembly(old: LayersModel, steps: readonly Step[]): () => LayersModel {
  return () => {
    const anew = new Map(old.inputs.map((input) => [input, inputLike(input)]));
    const of = (tensors: readonly SymbolicTensor[]): SymbolicTensor[] => tensors.map((tensor) => anew.get(tensor)!);
    for (const { remade, inputs, outputs, args } of steps) {
      const made = [remade.call(of(inputs), args)].flat();
      outputs.forEach((output, i) => anew.set(output, made[i]!));
    }
    const model = new (classNamed<LayersModel>('Model'))({
      inputs: of(old.inputs),
      outputs: of(old.outputs),
      name: old.name,
    });
    if (!old.trainable) model.trainable = false;
    return model;
  };
}

function inputLike({ sourceLayer }: SymbolicTensor): SymbolicTensor {
  const layer = new (classNamed<Layer>('InputLayer'))(sourceLayer.getConfig());
  return layer.inboundNodes[0]!.outputTensors[0]!;
}

/** A layer of the same class and configuration, and the same weights. */
function copyOf(who: string, layer: Layer): Remade {
  const copy = likeLayer(who, layer);
  return {
    call: (inputs, args) => copy.apply(inputs.length === 1 ? inputs[0]! : inputs, args) as SymbolicTensor,
    fill: () => copyWeights(layer, copy),
  };
}

function likeLayer(who: string, layer: Layer): Layer {
  const made = layer.constructor as unknown as { fromConfig(of: unknown, config: Config): Layer };
  try {
    const copy = made.fromConfig(made, layer.getConfig());
    // Its weights are copied: drawing them first would be in vain.
    copy.setFastWeightInitDuringBuild(true);
    return copy;
  } catch (cause) {
    throw new TypeError(
      `${who}: ${layer.getClassName()} ${layer.name} cannot be made again from its configuration; register its classes ` +
        `by tf.serialization.registerClass, and have getConfig() give all that its constructor takes`,
      { cause },
    );
  }
}

/** In the order in which they were made: the order of `layer.weights` depends on what is frozen. */
function copyWeights(from: Layer, to: Layer): void {
  const [source, target] = [from, to].map(({ weights }) => [...weights].sort((a, b) => a.id - b.id)) as [
    Layer['weights'],
    Layer['weights'],
  ];
  source.forEach((weight, i) => {
    setVariable(target[i]!, weight.read());
    target[i]!.trainable = weight.trainable;
  });
}

/** The class that the user's tfjs-layers has registered under a name: importing it here would make the package needed by all. */
export function classNamed<T>(name: string): new (config: Config) => T {
  return serialization.SerializationMap.getMap().classNameMap[name]![0] as unknown as new (
    config: Config,
  ) => T;
}

const isModel = (layer: Layer): layer is LayersModel => 'layers' in layer && 'outputs' in layer;

/** Those that say how to compute. Symbolic tensors of the old graph are among the inputs already. */
function plainArguments({ callArgs }: Place): Arguments {
  return Object.fromEntries(Object.entries(callArgs ?? {}).filter(([, value]) => typeof value !== 'object'));
}
