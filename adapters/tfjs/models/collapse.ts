import { tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { innerModel } from '../layersModel.js';
import type { Layer } from './layerGraph.js';
import { layerLike } from './layerLike.js';
import { channelsBy, isLinearLayer, type LinearLayer } from './linearLayer.js';
import { type LinearRun, linearRuns } from './linearRuns.js';
import { rebuild } from './rebuild.js';
import type { Remade } from './remade.js';
import { setVariable } from './setVariable.js';
import { configOf } from './space.js';

/**
 * A new model in which every run of linear layers is one layer, and outputs are those of the given model in inference mode.
 *
 *     dense: W = W_d ⋯ W₁    convolution: K = K₂ ∗ K₁, of size k₁ + k₂ − 1    b = b₂ + W₂ b₁    x + f(x): K + I
 *
 * A run is made of layers that only it reads, without activation in between: dense layers, convolutions, batch normalization
 * γ (x − μ)/√(σ² + ε) + β with the averages it has gathered, and sums of the input of a run with what it makes. So it makes one
 * layer each of what `overparameterize` made many, and of any model what is linear in it: outputs differ by float32 rounding.
 *
 * - Not folded, for no one convolution is the same: a convolution with padding 'same' before another larger than 1 × 1 or strided, or after
 *   anything with a bias; one with strides or dilation before or after another larger than 1 × 1; layers across a dropout, a flatten,
 *   or the border of a nested model, whose own runs are folded.
 * - The layer has name, class, regularizers and initializers of the last dense or convolutional one of its run, the activation
 *   of the last layer, and no constraints; it is trainable if something in the run was. All other layers, activations that are layers
 *   too, keep names, weights and what is trainable.
 * - A layer in several places is folded if the run is the same in all of them, and then stands in all.
 *
 * The given model stays as it is and shares no variable with the new one, which is a functional model and not compiled. A wide
 * run with a narrow middle has fewer weights than its product.
 *
 * @throws TypeError if model is not a LayersModel, or has a layer that cannot be made again from its configuration.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2023, arXiv 2103.10427
 *
 * @example
 * const plain = collapse(wide);
 * await plain.save('file://plain');
 */
export function collapse(model: LayersModel): LayersModel {
  innerModel(WHO, model);
  return rebuild(WHO, model, (graph) => {
    const runOf = linearRuns(graph);
    return (layer) => {
      const run = runOf(layer);
      if (!run?.map.like || run.layers.length === 1) return undefined;
      const places = graph.places.filter(({ outboundLayer }) => outboundLayer === layer);
      return { inputs: (place) => [run.starts[places.indexOf(place)]!], ...oneLayer(run, run.map.like, layer) };
    };
  });
}

const WHO = 'collapse';

/** The layer that computes a run that ends with the layer `end`. */
function oneLayer({ map, layers }: LinearRun, like: LinearLayer, end: Layer): Remade {
  const made = layerLike(WHO, like, {
    ...configOf(map.space),
    batchInputShape: undefined,
    [channelsBy(like)]: map.channels[1],
    useBias: map.biased,
    activation: 'linear',
    kernelConstraint: null,
    biasConstraint: null,
    trainable: layers.some(({ trainableWeights }) => trainableWeights.length > 0),
  });
  if (isLinearLayer(end)) made.activation = end.activation;
  made.setFastWeightInitDuringBuild(true);
  return {
    layers: [made],
    call: ([x]) => made.apply(x!) as SymbolicTensor,
    fill: () =>
      tidy(() => {
        const { kernel, bias } = map.weights();
        setVariable(made.kernel, kernel);
        if (bias) setVariable(made.bias!, bias);
      }),
  };
}
