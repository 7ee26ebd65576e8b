import { tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { random } from '../../../src/core/random.js';
import { innerModel } from '../layersModel.js';
import { withRandom } from '../withRandom.js';
import type { Layer } from './layerGraph.js';
import { layerLike } from './layerLike.js';
import { channelsBy, isLinearLayer, type LinearLayer } from './linearLayer.js';
import { type LinearRun, linearRuns } from './linearRuns.js';
import { type Rewrite, rebuild } from './rebuild.js';
import type { Remade } from './remade.js';
import { setVariable } from './setVariable.js';
import { configOf } from './space.js';

/**
 * A new model in which each run of linear layers is one layer, and whose outputs are those of the given one in inference mode.
 *
 *     dense: W = W_d ⋯ W₁    convolution: K = K₂ ∗ K₁, of size k₁ + k₂ − 1    b = b₂ + W₂ b₁    x + f(x): K + I
 *
 * A run is made of dense layers, of convolutions, of batch normalization γ (x − μ)/√(σ² + ε) + β by the averages it has gathered,
 * and of sums of what goes into a run with what it makes; without an activation in between, and where nothing else reads what
 * is made in between. So each product of `overparameterize` is one layer again, and in other models what is linear there.
 * Outputs differ by the rounding of float32.
 *
 * - Left as it is, for no one layer computes it: a convolution with padding 'same' after anything, or before strides or a larger
 *   one than 1 × 1; strides before a larger one; two larger ones of which one is dilated. Nothing is folded over a dropout, a
 *   flatten, or the border of a nested model, whose own runs are.
 * - The one layer has name, class and regularizers of the last dense or convolutional one of the run, and the activation at its
 *   end; no constraint; and is trainable if any of the run was. All other layers, activations that are layers among them,
 *   keep names, weights and what is trainable.
 * - A layer in several places is folded where the run is the same in all of them, and stands in all of them then.
 *
 * The given model stays as it is and shares no variable with the new one, which is a functional model and not compiled.
 *
 * Cost: the products of the kernels, once, on the backend. A run with a narrow middle has fewer weights than its product.
 *
 * @throws TypeError if model is not a LayersModel, or has a layer that cannot be made again from its configuration.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2023, arXiv 2103.10427
 *
 * @example
 * const plain = collapse(deep);
 * await plain.save('file://plain');
 */
export function collapse(model: LayersModel): LayersModel {
  innerModel(WHO, model);
  // What layers draw when they are built is in vain, and not to move the stream of the program.
  return withRandom(random(0), () => rebuild(WHO, model, folding));
}

const folding: Rewrite = (graph) => {
  const runOf = linearRuns(graph);
  return (layer) => {
    const run = runOf(layer);
    if (!run?.map.like || run.layers.length === 1) return undefined;
    const places = graph.places.filter(({ outboundLayer }) => outboundLayer === layer);
    return { inputs: (place) => [run.starts[places.indexOf(place)]!], ...oneLayer(run, run.map.like, layer) };
  };
};

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
