// The initializers of recurrent layers are written in chained ops.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { withRandom } from '../../../adapters/tfjs/withRandom.js';
import { random } from '../../../src/core/random.js';

type CompileArgs = Parameters<LayersModel['compile']>[0];

/** A network as people write it: how it is made and compiled, and its data. Nothing in it has a name unless it needs one. */
export interface Network {
  readonly model: LayersModel;
  readonly x: tf.Tensor | tf.Tensor[];
  readonly y: tf.Tensor | tf.Tensor[];
  readonly loss: CompileArgs['loss'];
  readonly metrics?: string[];
  readonly classWeight?: Record<number, number> | Record<number, number>[];

  readonly rows: number;
}

const ROWS = 8;
const floats = (t: tf.Tensor): tf.Tensor => tf.cast(t, 'float32');
const classes = (n = 3): tf.Tensor => floats(tf.oneHot(tf.randomUniform([ROWS], 0, n, 'int32'), n));
const tokens = (): tf.Tensor => floats(tf.randomUniform([ROWS, 5], 0, 7, 'int32'));
const sequence = (): tf.Tensor => tf.randomNormal([ROWS, 5, 3]);
const head = () => layers.dense({ units: 3, activation: 'softmax' });
const stack = (list: ReturnType<typeof head>[]): LayersModel => sequential({ layers: list as never });
const classifier = (list: unknown[], x: tf.Tensor, more: Partial<Network> = {}): Network => ({
  model: stack(list as never),
  x,
  y: classes(),
  loss: 'categoricalCrossentropy',
  rows: ROWS,
  ...more,
});
/** 4 rows a batch: a stateful layer fixes the size of its batch. */
const BATCH = 4;

const makers = {
  'a Sequential of dense layers': () =>
    classifier([layers.dense({ inputShape: [4], units: 5, activation: 'tanh' }), head()], tf.randomNormal([ROWS, 4])),

  'convolution, batch normalization, dropout and a penalty': () =>
    classifier(
      [
        layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3 }),
        layers.batchNormalization(),
        layers.reLU(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dropout({ rate: 0.4 }),
        layers.dense({ units: 4, activation: 'relu', kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.01 }) }),
        layers.dense({ units: 3 }),
        layers.softmax(),
      ],
      tf.randomNormal([ROWS, 6, 6, 1]),
      { metrics: ['accuracy'] },
    ),

  'a functional model that skips a layer': () => {
    const x = input({ shape: [4] });
    const h = layers.dense({ units: 4, activation: 'tanh' }).apply(x) as SymbolicTensor;
    const y = head().apply(layers.add().apply([x, h])) as SymbolicTensor;
    const made = model({ inputs: x as never, outputs: y as never });
    return { model: made, x: tf.randomNormal([ROWS, 4]), y: classes(), loss: 'categoricalCrossentropy', rows: ROWS };
  },

  'a model nested in models, with its regularizer': () => {
    const deep = stack([
      layers.dense({ inputShape: [4], units: 4, activation: 'tanh', kernelRegularizer: regularizers.l2({ l2: 0.1 }) }),
    ] as never);
    const inner = stack([deep, layers.dropout({ rate: 0.3 }), head()] as never);
    const x = input({ shape: [4] });
    const made = model({ inputs: x, outputs: inner.apply(x) as never });
    return { model: made, x: tf.randomNormal([ROWS, 4]), y: classes(), loss: 'categoricalCrossentropy', rows: ROWS };
  },

  'twins that share a nested model': () => {
    const shared = stack([layers.dense({ inputShape: [4], units: 3, activation: 'tanh' })] as never);
    const [a, b] = [input({ shape: [4] }), input({ shape: [4] })];
    const both = layers.concatenate().apply([shared.apply(a), shared.apply(b)] as never);
    const made = model({ inputs: [a, b], outputs: layers.dense({ units: 1 }).apply(both) as never });
    const x = [tf.randomNormal([ROWS, 4]), tf.randomNormal([ROWS, 4])];
    return { model: made, x, y: tf.randomNormal([ROWS, 1]), loss: 'meanSquaredError', rows: ROWS };
  },

  'two inputs and two outputs, losses as a list': () => {
    const { made, x, y } = twoByTwo();
    return { model: made, x, y, loss: ['categoricalCrossentropy', 'binaryCrossentropy'], metrics: ['mse'], rows: ROWS };
  },

  'two inputs and two outputs, losses as a dictionary': () => {
    const { made, x, y } = twoByTwo('kind', 'size');
    return { model: made, x, y, loss: { size: 'binaryCrossentropy', kind: 'categoricalCrossentropy' }, rows: ROWS };
  },

  'two outputs from one last layer': () => {
    const last = head();
    const [a, b] = [input({ shape: [4] }), input({ shape: [4] })];
    const hidden = layers.dense({ units: 4, activation: 'tanh' });
    const outputs = [a, b].map((x) => last.apply(hidden.apply(x)));
    const made = model({ inputs: [a, b], outputs: outputs as never });
    const x = [tf.randomNormal([ROWS, 4]), tf.randomNormal([ROWS, 4])];
    return { model: made, x, y: [classes(), classes()], loss: 'categoricalCrossentropy', rows: ROWS };
  },

  'class weights': () =>
    classifier([layers.dense({ inputShape: [4], units: 5, activation: 'tanh' }), head()], tf.randomNormal([ROWS, 4]), {
      classWeight: { 0: 1, 1: 3, 2: 0.5 },
    }),

  'targets as numbers of classes': () =>
    classifier([layers.dense({ inputShape: [4], units: 5, activation: 'elu' }), head()], tf.randomNormal([ROWS, 4]), {
      y: floats(tf.randomUniform([ROWS, 1], 0, 3, 'int32')),
      loss: 'sparseCategoricalCrossentropy',
    }),

  'a loss of the user': () =>
    classifier(
      [layers.dense({ inputShape: [4], units: 5, activation: 'tanh' }), layers.dense({ units: 3 })],
      tf.randomNormal([ROWS, 4]),
      {
        loss: (target: tf.Tensor, output: tf.Tensor) => tf.mean(tf.softplus(tf.mul(tf.sub(0.5, target), output)), -1),
      },
    ),

  'an Embedding that masks zeros, and an LSTM': () =>
    classifier(
      [
        layers.embedding({ inputDim: 7, outputDim: 3, maskZero: true, inputLength: 5 }),
        layers.lstm({ units: 3 }),
        head(),
      ],
      tokens(),
    ),

  'a Masking layer and a SimpleRNN at every time': () =>
    classifier(
      [
        layers.masking({ maskValue: 0, inputShape: [5, 3] }),
        layers.simpleRNN({ units: 3, returnSequences: true }),
        layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      ],
      tf.mul(sequence(), floats(tf.greater(tf.randomUniform([ROWS, 5, 1]), 0.3))),
      { y: tf.randomNormal([ROWS, 5, 2]), loss: 'meanSquaredError' },
    ),

  'a softmax at every time': () =>
    classifier(
      [
        layers.simpleRNN({ units: 3, returnSequences: true, inputShape: [5, 3] }),
        layers.timeDistributed({ layer: layers.dense({ units: 3, activation: 'softmax' }) }),
      ],
      sequence(),
      { y: tf.reshape(floats(tf.oneHot(tf.randomUniform([ROWS * 5], 0, 3, 'int32'), 3)), [ROWS, 5, 3]) },
    ),

  'a bidirectional GRU with dropout in its cells': () =>
    classifier(
      [
        layers.bidirectional({
          layer: layers.gru({ units: 2, dropout: 0.3, recurrentDropout: 0.2 }) as never,
          mergeMode: 'concat',
          inputShape: [5, 3],
        } as never),
        head(),
      ],
      sequence(),
    ),

  'a stateful LSTM': () =>
    classifier([layers.lstm({ units: 3, stateful: true, batchInputShape: [BATCH, 5, 3] }), head()], sequence()),

  'a stateful GRU with dropout in a nested model': () => {
    const inner = stack([
      layers.gru({ units: 3, stateful: true, dropout: 0.3, batchInputShape: [BATCH, 5, 3] }),
    ] as never);
    return classifier([inner, head()], sequence());
  },
} satisfies Record<string, () => Omit<Network, 'loss'> & { loss: unknown }>;

export type NetworkName = keyof typeof makers;
export const networkNames = Object.keys(makers) as NetworkName[];

/** The network of that name; its weights and its data depend on the seed only. */
export const network = (name: NetworkName, seed = 1): Network =>
  withRandom(random(seed), makers[name] as () => Network);

function twoByTwo(...names: string[]) {
  const [a, b] = [input({ shape: [4] }), input({ shape: [2] })];
  const both = layers
    .concatenate()
    .apply([
      layers.dense({ units: 3, activation: 'tanh' }).apply(a),
      layers.dense({ units: 3, activation: 'tanh', biasRegularizer: regularizers.l2({ l2: 0.1 }) }).apply(b),
    ] as never);
  const named = (i: number) => (names[i] ? { name: names[i] } : {});
  const kind = layers.dense({ units: 3, activation: 'softmax', ...named(0) }).apply(both);
  const size = layers.dense({ units: 1, activation: 'sigmoid', ...named(1) }).apply(both);
  return {
    made: model({ inputs: [a, b], outputs: [kind, size] as never }),
    x: [tf.randomNormal([ROWS, 4]), tf.randomNormal([ROWS, 2])],
    y: [classes(), floats(tf.randomUniform([ROWS, 1], 0, 2, 'int32'))],
  };
}
