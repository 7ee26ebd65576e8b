import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { random } from '../../../src/core/random.js';
import { allLayers, innerModel } from '../layersModel.js';
import { withRandom } from '../withRandom.js';
import { cutOf } from './cut.js';
import { factors } from './factors.js';
import type { Layer } from './layerGraph.js';
import { isKernelLayer, isLinearLayer } from './linearLayer.js';
import { rebuild } from './rebuild.js';
import type { Remade } from './remade.js';

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
 * A new model in which every dense and convolutional layer is a product of linear layers: W = W_d ⋯ W₁, nothing between.
 *
 * It can compute the same functions as before, and learns others: products favour matrices of low rank. `collapse` makes one
 * layer of each product again.
 *
 * - Factors are layers of the same class. The last keeps the name, the bias and the activation; those before it are
 *   `NAME_factor_1`, …. Of a convolution the first has kernel, dilation and padding, the last the strides, and all but the
 *   first are 1 × 1; strides of a padded convolution stay with the padding.
 * - `residual: m` adds, after every m factors, what went into them, and what is left over at the end has none. It takes as many
 *   channels after them as before, stride 1, and padding 'same' or a kernel of size 1. The sums are layers
 *   `NAME_residual_1`, …; an activation after the last is `NAME_activation`.
 * - Kernels are drawn from N(0, g²/fan), Kaiming's normal initialization: g = √2 for the last, 1 for the others; fan is the
 *   number of inputs of a dense factor, and channels out · size of the kernel of a convolution. `kernels: 'kept'`: the first
 *   is that of the layer, and others are identities; outputs are those of the given model bit for bit, or nearly so with `residual`.
 * - Biases and all other layers keep their weights, names and what is trainable. Regularizers of a kernel are on each factor:
 *   like weight decay and the radius of SAM, they act on the factors, not on the product.
 * - A layer in several places has its factors in all of them, nested models included.
 *
 * The given model stays as it is and shares no variable with the new one, which is a functional model and not compiled. Let the
 * learning rate shrink with depth, about as 1/√d.
 *
 * @throws RangeError if depth, width or residual is not a number as above, or a layer cannot be so replaced; TypeError if
 *   model is not a LayersModel with a dense or convolutional layer, or has one that is no kernel over all channels (transposed,
 *   separable, depthwise, or in a TimeDistributed). `only` leaves a layer out.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2023, arXiv 2103.10427
 *
 * @example
 * const wide = overparameterize(model, { depth: 4 });
 * wide.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
 * await wide.fit(x, y, { epochs: 10 });
 * const plain = collapse(wide);
 */
export function overparameterize(model: LayersModel, options: OverparameterizeOptions = {}): LayersModel {
  const { layers } = innerModel(WHO, model);
  const { depth = 2, width = 1, residual, kernels = 'drawn', only = () => true, seed } = options;
  check(options);
  const replaced = new Set(
    (allLayers(layers) as unknown as Layer[]).filter((layer) => isKernelLayer(layer) && only(layer)),
  );
  if (replaced.size === 0)
    throw new TypeError(`${WHO}: ${model.name} has no dense or convolutional layer that only lets pass`);
  const remake = (layer: Layer): Remade | undefined => {
    if (!replaced.has(layer)) return undefined;
    const remedy = `leave it out: { only: ({ name }) => name !== '${layer.name}' }`;
    if (isLinearLayer(layer))
      return factors(WHO, layer, cutOf(WHO, layer, { depth, width, residual, kernels }, remedy));
    throw new TypeError(
      `${WHO}: ${layer.getClassName()} ${layer.name} has no kernel over all channels of its own; ${remedy}`,
    );
  };
  const draw = seed === undefined ? Math.random : random(seed);
  return withRandom(draw, () => rebuild(WHO, model, () => remake));
}

function check({ depth = 2, width = 1, residual, kernels = 'drawn', only, seed }: OverparameterizeOptions): void {
  const refuse = (what: string, must: string, got: unknown): never => {
    throw new RangeError(`${WHO}: ${what} must be ${must}, got ${got}`);
  };
  if (!isCount(depth)) refuse('depth', 'a whole number of factors, at least 1', depth);
  if (!(width > 0 && width < Infinity)) refuse('width', 'a positive number', width);
  if (residual !== undefined && !(isCount(residual) && residual <= depth))
    refuse('residual', `a whole number of factors from 1 to depth ${depth}, or left out`, residual);
  if (kernels !== 'drawn' && kernels !== 'kept') refuse('kernels', "'drawn' or 'kept'", kernels);
  if (seed !== undefined && !Number.isSafeInteger(seed)) refuse('seed', 'a whole number', seed);
  if (only !== undefined && typeof only !== 'function')
    throw new TypeError(`${WHO}: only must be a function of a layer, got ${only}`);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
