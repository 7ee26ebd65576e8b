import * as tf from '@tensorflow/tfjs-core';
import type { ChangeActivation, Mode } from '../../src/core/objective.js';

/** The forward pass and the losses of layers.py and losses.py, in tfjs ops. */

export interface Layer {
  readonly op: keyof typeof ops;
  readonly name?: string;
  readonly activation?: keyof typeof activations;
  readonly epsilon?: number;
  readonly stride?: number;
  /** Those inside a residual block. */
  readonly layers?: readonly Layer[];
}

/** By `layer/part`. */
export type Weights = ReadonlyMap<string, tf.Tensor>;

/** @param change what each activation is to be, by the name of its layer. */
export const forward = (
  layers: readonly Layer[],
  weights: Weights,
  x: tf.Tensor,
  mode: Mode,
  change: ChangeActivation = (activation) => activation,
): tf.Tensor => tf.tidy(() => through(layers, x, { weights, mode, change }));

interface Context {
  readonly weights: Weights;
  readonly mode: Mode;
  readonly change: ChangeActivation;
}

const through = (layers: readonly Layer[], x: tf.Tensor, context: Context): tf.Tensor =>
  layers.reduce((x, layer) => {
    const part: Parts = (name) => context.weights.get(`${layer.name}/${name}`) as never;
    const entering = ops[layer.op](x, part, layer, context);
    return layer.activation ? context.change(activations[layer.activation], layer.name!)(entering) : entering;
  }, x);

/** A weight of the layer, of the rank that is asked for. */
type Parts = <T extends tf.Tensor = tf.Tensor>(name: string) => T;

const ops = {
  dense: (x, part) => tf.add(tf.matMul(x, part('kernel')), part('bias')),
  conv2d(x, part, { stride }) {
    const z = tf.conv2d(x as tf.Tensor4D, part<tf.Tensor4D>('kernel'), stride!, 'same');
    const bias = part('bias');
    return bias ? tf.add(z, bias) : z;
  },
  depthwise: (x, part) => tf.depthwiseConv2d(x as tf.Tensor4D, part<tf.Tensor4D>('kernel'), 1, 'same'),
  conv2dTranspose(x, part, { stride }) {
    const [n, height, width] = x.shape as [number, number, number];
    const kernel = part<tf.Tensor4D>('kernel');
    const shape: [number, number, number, number] = [n, height * stride!, width * stride!, kernel.shape[2]];
    return tf.add(tf.conv2dTranspose(x as tf.Tensor4D, kernel, shape, stride!, 'same'), part('bias'));
  },
  batchNorm(x, part, { epsilon }, { mode }) {
    const ofBatch = () => tf.moments(x, [0, 1, 2]);
    const constant = () => ({ mean: part('movingMean'), variance: part('movingVariance') });
    const { mean, variance } = mode === 'training' ? ofBatch() : constant();
    return tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      part<tf.Tensor1D>('beta'),
      part<tf.Tensor1D>('gamma'),
      epsilon,
    );
  },
  layerNorm(x, part, { epsilon }) {
    const { mean, variance } = tf.moments(x, -1, true);
    const normalised = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon!)));
    return tf.add(tf.mul(normalised, part('gamma')), part('beta'));
  },
  prelu: (x, part) => tf.prelu(x, part('alpha')),
  maxPool: (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
  avgPool: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'),
  meanOverTime: (x) => tf.mean(x, 1),
  flatten: (x) => tf.reshape(x, [x.shape[0]!, -1]),
  embedding: (x, part) => tf.gather(part('kernel'), tf.cast(x, 'int32')),
  /** The last state; the gates stand in the order of Keras: in, forget, cell, out. */
  lstm(x, part) {
    const inputs = tf.unstack(x, 1) as tf.Tensor2D[];
    const recurrent = part<tf.Tensor2D>('recurrentKernel');
    let h: tf.Tensor2D = tf.zeros([x.shape[0]!, recurrent.shape[0]]);
    let c = h;
    for (const x of inputs) {
      const z = tf.add(tf.add(tf.matMul(x, part('kernel')), tf.matMul(h, recurrent)), part('bias'));
      const [i, f, g, o] = tf.split(z as tf.Tensor2D, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    }
    return h;
  },
  /** softmax(QKᵀ / √d) V of [batch, time, d]. */
  attention(x, part) {
    const [n, time, d] = x.shape as [number, number, number];
    const times = (name: string) => tf.reshape(tf.matMul(tf.reshape(x, [n * time, d]), part(name)), [n, time, d]);
    const scores = tf.matMul(times('query'), times('key'), false, true);
    return tf.matMul(tf.softmax(tf.div(scores, Math.sqrt(d))), times('value'));
  },
  residual: (x, _part, { layers }, context) => tf.add(x, through(layers!, x, context)),
} satisfies Record<string, (x: tf.Tensor, part: Parts, layer: Layer, context: Context) => tf.Tensor>;

const activations = {
  relu: tf.relu<tf.Tensor>,
  relu6: tf.relu6<tf.Tensor>,
  leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x, 0.2),
  elu: tf.elu<tf.Tensor>,
  selu: tf.selu<tf.Tensor>,
  tanh: tf.tanh<tf.Tensor>,
  sigmoid: tf.sigmoid<tf.Tensor>,
  softplus: tf.softplus<tf.Tensor>,
  softsign: (x: tf.Tensor) => tf.div(x, tf.add(1, tf.abs(x))),
  swish: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
  mish: (x: tf.Tensor) => tf.mul(x, tf.tanh(tf.softplus(x))),
  /** x Φ(x), by the error function. */
  gelu: (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
} satisfies Record<string, (x: tf.Tensor) => tf.Tensor>;

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
