import { add, mul, rsqrt, sub, zerosLike } from '@tensorflow/tfjs-core';
import type { LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type Layer, type LayerGraph, type Place, placeOf } from './layerGraph.js';
import { channelsOf, type DataFormat, endsLinear, isLinearLayer, type LinearLayer } from './linearLayer.js';
import { composed, type LinearMap, plusIdentity } from './linearMap.js';
import { nowhere, spaceOf } from './space.js';

/** Layers that together compute one linear map, and then the activation of the last. */
export interface LinearRun {
  readonly map: LinearMap;
  /** What it maps: a tensor for each place of its last layer. */
  readonly starts: readonly SymbolicTensor[];
  readonly layers: readonly Layer[];
}

interface BatchNormalization extends Layer {
  readonly axis: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

/**
 * The longest run that ends with a layer; nothing where the layer is not linear.
 *
 * A run goes back over tensors that only itself reads. A layer that stands in several places belongs to it with all of them,
 * or not at all: what stands elsewhere too is needed there.
 */
export function linearRuns({ inputs, outputs, places }: LayerGraph): (layer: Layer) => LinearRun | undefined {
  const known = new Map<Layer, LinearRun | undefined>();
  const fixed = new Set([...inputs, ...outputs]);
  const placesOf = grouped(places.map((place) => [place.outboundLayer, place]));
  const readers = grouped(
    places.flatMap(({ inputTensors, outboundLayer }) => inputTensors.map((tensor) => [tensor, outboundLayer])),
  );

  function runOf(layer: Layer): LinearRun | undefined {
    if (!known.has(layer)) {
      const own = runOfOne(layer, placesOf.get(layer)!) ?? residual(layer);
      known.set(layer, own && (extended(own) ?? own));
    }
    return known.get(layer);
  }

  /** The run with what comes before it, if that is linear, and goes nowhere else. */
  function extended(run: LinearRun): LinearRun | undefined {
    const before = feeding(run.starts, run.layers);
    const map = before && composed(before.run.map, run.map);
    if (!map) return undefined;
    return { map, starts: before.starts, layers: [...before.run.layers, ...run.layers] };
  }

  /** x + f(x). */
  function residual(layer: Layer): LinearRun | undefined {
    const called = placesOf.get(layer)!.map(({ inputTensors }) => inputTensors);
    if (layer.getClassName() !== 'Add' || called.some(({ length }) => length !== 2)) return undefined;
    for (const [x, f] of [[0, 1] as const, [1, 0] as const]) {
      const fed = called.map((tensors) => tensors[f]!);
      const before = feeding(fed, [layer]);
      if (!before?.starts.every((start, i) => start === called[i]![x])) continue;
      const map = plusIdentity(before.run.map);
      if (map) return { map, starts: before.starts, layers: [...before.run.layers, layer] };
    }
    return undefined;
  }

  /** The run that makes these tensors, if one does and only `layers` read them, and from what it makes each. */
  function feeding(tensors: readonly SymbolicTensor[], layers: readonly Layer[]): Feeding | undefined {
    const source = tensors[0]!.sourceLayer;
    const read = tensors.every(
      (tensor) =>
        tensor.sourceLayer === source &&
        !fixed.has(tensor) &&
        readers.get(tensor)!.every((reader) => layers.includes(reader)),
    );
    const made = placesOf.get(source);
    if (!read || made?.length !== new Set(tensors).size) return undefined;
    if (isLinearLayer(source) && !endsLinear(source)) return undefined;
    const run = runOf(source);
    return run && { run, starts: tensors.map((tensor) => run.starts[made.indexOf(placeOf(tensor))]!) };
  }

  return runOf;
}

interface Feeding {
  readonly run: LinearRun;
  readonly starts: readonly SymbolicTensor[];
}

function grouped<K, V>(entries: readonly (readonly [K, V])[]): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of entries) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

function runOfOne(layer: Layer, places: readonly Place[]): LinearRun | undefined {
  const starts = places.map(({ inputTensors }) => inputTensors[0]!);
  if (isLinearLayer(layer)) return { map: linearMap(layer), starts, layers: [layer] };
  if (layer.getClassName() !== 'BatchNormalization') return undefined;
  const map = scaling(layer as BatchNormalization, starts[0]!.rank);
  return map && { map, starts, layers: [layer] };
}

function linearMap(layer: LinearLayer): LinearMap {
  return {
    like: layer,
    dataFormat: layer.dataFormat ?? 'channelsLast',
    channels: channelsOf(layer),
    space: spaceOf(layer),
    biased: layer.bias !== null,
    weights: () => ({ kernel: layer.kernel.read(), bias: layer.bias?.read() }),
  };
}

/** Batch normalization in inference mode: γ (x − μ) / √(σ² + ε) + β, if along the channels. */
function scaling(layer: BatchNormalization, rank: number): LinearMap | undefined {
  const dataFormat = formatOf((layer.axis + rank) % rank, rank);
  const count = layer.movingMean.shape[0]!;
  return (
    dataFormat && {
      like: undefined,
      dataFormat,
      channels: [count, count],
      space: nowhere,
      biased: true,
      weights() {
        const mean = layer.movingMean.read();
        const scale = rsqrt(add(layer.movingVariance.read(), layer.epsilon));
        const kernel = layer.gamma ? mul(scale, layer.gamma.read()) : scale;
        return { kernel, bias: sub(layer.beta?.read() ?? zerosLike(mean), mul(mean, kernel)) };
      },
    }
  );
}

function formatOf(axis: number, rank: number): DataFormat | undefined {
  if (axis === rank - 1) return 'channelsLast';
  return axis === 1 ? 'channelsFirst' : undefined;
}
