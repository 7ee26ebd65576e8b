import * as tf from '@tensorflow/tfjs-core';
import type { Mode } from '../../src/core/objective.js';

/** The forward pass and the losses of layers.py and losses.py, in tfjs ops. */

export interface Layer {
  readonly op: keyof typeof linear;
  readonly name?: string;
  readonly activation?: keyof typeof activations;
  readonly epsilon?: number;
}

/** By `layer/part`. */
export type Weights = ReadonlyMap<string, tf.Tensor>;

export const forward = (layers: readonly Layer[], weights: Weights, x: tf.Tensor, mode: Mode): tf.Tensor =>
  tf.tidy(() => layers.reduce((x, layer) => apply(layer, weights, x, mode), x));

function apply(layer: Layer, weights: Weights, x: tf.Tensor, mode: Mode): tf.Tensor {
  const entering = linear[layer.op](x, (part) => weights.get(`${layer.name}/${part}`), layer, mode);
  return layer.activation ? activations[layer.activation](entering) : entering;
}

type Parts = (part: string) => tf.Tensor | undefined;

const linear = {
  dense: (x: tf.Tensor, part: Parts) => tf.add(tf.matMul(x, part('kernel')!), part('bias')!),
  conv2d(x: tf.Tensor, part: Parts) {
    const z = tf.conv2d(x as tf.Tensor4D, part('kernel') as tf.Tensor4D, 1, 'same');
    const bias = part('bias');
    return bias ? tf.add(z, bias) : z;
  },
  batchNorm(x: tf.Tensor, part: Parts, { epsilon }: Layer, mode: Mode) {
    const ofBatch = () => tf.moments(x, [0, 1, 2]);
    const constant = () => ({ mean: part('movingMean')!, variance: part('movingVariance')! });
    const { mean, variance } = mode === 'training' ? ofBatch() : constant();
    return tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      part('beta') as tf.Tensor1D,
      part('gamma') as tf.Tensor1D,
      epsilon,
    );
  },
  maxPool: (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
  avgPool: (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'),
  flatten: (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, -1]),
} satisfies Record<string, (x: tf.Tensor, part: Parts, layer: Layer, mode: Mode) => tf.Tensor>;

const activations = {
  relu: tf.relu<tf.Tensor>,
  tanh: tf.tanh<tf.Tensor>,
  sigmoid: tf.sigmoid<tf.Tensor>,
  softplus: tf.softplus<tf.Tensor>,
  /** x Φ(x), by the error function. */
  gelu: (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
};

/** In the targets y and the logits z. */
export const losses = {
  softmaxCrossEntropy: (y: tf.Tensor, z: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, z),
  sigmoidCrossEntropy: (y: tf.Tensor, z: tf.Tensor) => tf.losses.sigmoidCrossEntropy(y, z),
  meanSquaredError: (y: tf.Tensor, z: tf.Tensor) => tf.losses.meanSquaredError(y, z),
  logCosh(y: tf.Tensor, z: tf.Tensor) {
    const d = tf.sub(z, y);
    return tf.mean(tf.sub(tf.add(d, tf.softplus(tf.mul(-2, d))), Math.LN2));
  },
};
