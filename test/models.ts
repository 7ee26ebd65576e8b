import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { withRandom } from '../adapters/tfjs/withRandom.js';
import { random } from '../src/core/random.js';

/** Small models of layers whose weights and data depend on a seed only. */

export interface Trained {
  readonly model: layers.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** Everything that tells two evaluations apart in one model: convolution, batch normalization, dropout, a regularizer. */
export function convBatchNormDropout(seed = 1): Trained {
  return withRandom(random(seed), () => {
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, name: 'conv' }),
        layers.layers.batchNormalization({ name: 'norm' }),
        layers.layers.activation({ activation: 'relu' }),
        layers.layers.maxPooling2d({ poolSize: 2 }),
        layers.layers.flatten(),
        layers.layers.dropout({ rate: 0.4 }),
        layers.layers.dense({
          units: 8,
          activation: 'tanh',
          name: 'hidden',
          kernelRegularizer: layers.regularizers.l2({ l2: 0.01 }),
        }),
        layers.layers.dense({ units: 3, activation: 'softmax', name: 'head' }),
      ],
    });
    return { model, x: tf.randomNormal([16, 8, 8, 1]), y: tf.oneHot(tf.randomUniform([16], 0, 3, 'int32'), 3) };
  });
}

/** A network without surprises: two dense layers. */
export function mlp(seed = 1): Trained {
  return withRandom(random(seed), () => {
    const model = layers.sequential({
      layers: [
        layers.layers.dense({ inputShape: [6], units: 8, activation: 'tanh', name: 'hidden' }),
        layers.layers.dense({ units: 3, activation: 'softmax', name: 'head' }),
      ],
    });
    return { model, x: tf.randomNormal([24, 6]), y: tf.oneHot(tf.randomUniform([24], 0, 3, 'int32'), 3) };
  });
}

/** Every weight of a model, bit for bit. */
export const weightsOf = (model: layers.LayersModel): number[][] => model.getWeights().map((w) => [...w.dataSync()]);
