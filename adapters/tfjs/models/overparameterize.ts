import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { checkPositive, checkSeed, checkWhole } from '../../../src/core/checkNumber.js';
import { checkOneOf } from '../../../src/core/checkOneOf.js';
import { random } from '../../../src/core/random.js';
import { allLayers, innerModel } from '../layersModel.js';
import { withRandom } from '../withRandom.js';
import { cutOf } from './cut.js';
import { factorName, factors } from './factors.js';
import type { Layer } from './layerGraph.js';
import { isKernelLayer, isLinearLayer } from './linearLayer.js';
import { rebuild } from './rebuild.js';
import type { Remade } from './remade.js';
import { remembered } from './remembered.js';

/** What {@link overparameterize} takes. */
export interface OverparameterizeOptions {
  /** Factors of each layer. Default 2; 1 is the layer itself, initialized as a factor is. */
  readonly depth?: number;
  /** Channels between the factors, as a multiple of those that the layer makes, rounded down. Default 1. */
  readonly width?: number;
  /** After every so many factors, what went into them is added. Default: never. */
  readonly residual?: number;
  /** 'drawn' anew as the source does, or 'kept': the product is the kernel of the layer. Default 'drawn'. */
  readonly kernels?: 'drawn' | 'kept';
  /** Which of the dense and convolutional layers are replaced. Default all. */
  readonly only?: (layer: layers.Layer) => boolean;
  /** Makes what is drawn repeatable. Default: it comes from `Math.random`. */
  readonly seed?: number;
}

const WHO = 'overparameterize';

/**
 * A new model in which every dense and convolutional layer is a product of linear layers: W = W_d ⋯ W₁, nothing in between.
 *
 * It can compute the same functions and learns others: products favour matrices of low rank. `collapse` makes one layer of
 * each product again.
 *
 * - Factors are layers of the same class. The last has the name of the layer, its bias and its activation; those before are
 *   `NAME_factor_1`, …. Of a convolution the first has kernel, dilation and padding, the others are 1 × 1, the last of them
 *   with the strides; only those of a padded convolution stay with the padding, which depends on them.
 * - `residual: m` adds after every m factors what went into them; factors left over at the end have none. There must be as many
 *   channels after them as before, and stride 1 and padding 'same', or kernel 1 × 1. The sums are layers `NAME_residual_1`, …,
 *   and an activation of the last of them is the layer `NAME_activation`.
 * - Kernels are drawn from N(0, g²/n), Kaiming's initialization: g = √2 for the last and 1 for the others; n is the number of
 *   inputs of a dense factor, and channels made · places in the kernel of a convolution. With `kernels: 'kept'` the first is
 *   that of the layer and the others are identities, so that outputs are those of the given model, but for rounding.
 * - Biases and all other layers keep their weights, names, and what is trainable. The regularizer of a kernel is on each factor:
 *   like weight decay and the radius of SAM it acts on the factors, and not on the product.
 * - A layer in several places has its factors in all of them. Nested models are written anew too.
 *
 * The given model stays as it is and shares no variable with the new one, which is a functional model and not compiled. Let the
 * learning rate shrink with depth, about as 1/√d.
 *
 * Cost: with h = width · b channels in between, a h + (d − 2) h² + h b multiplications in place of a b for a dense layer from a
 * to b units; for a convolution a is its places · channels, and factors before the strides compute every place.
 *
 * @throws RangeError if depth, width or residual is not a number as above, or a layer cannot be so replaced; TypeError if
 *   model is not a LayersModel with a dense or convolutional layer, or has one that is no kernel over all channels (transposed,
 *   separable, depthwise, or in a TimeDistributed). `only` leaves layers out, such as those that are products already.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2023, arXiv 2103.10427
 *
 * @example
 * const deep = overparameterize(model, { depth: 4 });
 * deep.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
 * await deep.fit(x, y, { epochs: 10 });
 * const plain = collapse(deep);
 */
export function overparameterize(model: LayersModel, options: OverparameterizeOptions = {}): LayersModel {
  const { layers } = innerModel(WHO, model);
  const { depth = 2, width = 1, residual, kernels = 'drawn', only = () => true, seed } = options;
  checkWhole(`${WHO}: depth`, depth);
  checkPositive(`${WHO}: width`, width);
  if (residual !== undefined) checkWhole(`${WHO}: residual`, residual, 1, depth);
  checkOneOf(`${WHO}: kernels`, kernels, ['drawn', 'kept']);
  checkSeed(`${WHO}: seed`, seed);
  if (typeof only !== 'function') throw new TypeError(`${WHO}: only must be a function of a layer, got ${only}`);
  const all = allLayers(layers) as unknown as Layer[];
  const names = new Set(all.map(({ name }) => name));
  const replaced = new Set(all.filter((layer) => isKernelLayer(layer) && only(layer)));
  if (replaced.size === 0)
    throw new TypeError(`${WHO}: ${model.name} has no dense or convolutional layer that only lets pass`);
  const remake = remembered((layer: Layer): Remade | undefined => {
    if (!replaced.has(layer)) return undefined;
    const what = `${WHO}: ${layer.getClassName()} ${layer.name}`;
    const remedy = `leave it out: { only: ({ name }) => name !== '${layer.name}' }`;
    if (!isLinearLayer(layer)) throw new TypeError(`${what} has no kernel over all channels of its own; ${remedy}`);
    if (names.has(factorName(layer, 0))) throw new RangeError(`${what} is a product already; ${remedy}`);
    return factors(WHO, layer, cutOf(WHO, layer, { depth, width, residual, kernels }, remedy));
  });
  const draw = seed === undefined ? Math.random : random(seed);
  return withRandom(draw, () => rebuild(WHO, model, () => remake));
}
