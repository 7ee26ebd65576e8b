import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { random } from '../../../src/core/random.js';

let undo: () => void;
beforeAll(() => {
  undo = repairWasm();
});
afterAll(() => undo());

const { layers } = tfl;
const init = (seed: number) => ({
  kernelInitializer: tfl.initializers.glorotUniform({ seed }),
  biasInitializer: tfl.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: seed + 1 }),
});
const recurrent = (seed: number) => ({
  ...init(seed),
  recurrentInitializer: tfl.initializers.glorotUniform({ seed: seed + 2 }),
  units: 3,
});
const depthwiseInitializer = tfl.initializers.glorotUniform({ seed: 4 });

/** Every kind of layer that has weights or passes a gradient on in a way of its own, by the shape it is fed. */
const CASES: readonly (readonly [name: string, shape: number[], layer: () => tfl.layers.Layer])[] = [
  ['dense', [5], () => layers.dense({ units: 4, activation: 'tanh', ...init(1) })],
  ['dense, applied along a sequence', [3, 5], () => layers.dense({ units: 4, activation: 'sigmoid', ...init(1) })],
  ['conv1d', [8, 2], () => layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same', ...init(1) })],
  ['conv2d', [6, 5, 2], () => layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', ...init(1) })],
  ['conv3d', [4, 3, 5, 2], () => layers.conv3d({ filters: 2, kernelSize: 2, padding: 'same', ...init(1) })],
  ['conv2dTranspose', [3, 4, 2], () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, ...init(1) })],
  [
    'separableConv2d',
    [6, 5, 2],
    () => layers.separableConv2d({ filters: 3, kernelSize: 3, depthMultiplier: 2, depthwiseInitializer }),
  ],
  [
    'depthwiseConv2d',
    [6, 5, 3],
    () => layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer }),
  ],
  ['batchNormalization', [4, 3], () => layers.batchNormalization()],
  ['batchNormalization of images', [4, 3, 2], () => layers.batchNormalization()],
  ['layerNormalization', [4, 6], () => layers.layerNormalization()],
  ['maxPooling1d', [7, 2], () => layers.maxPooling1d({ poolSize: 2, padding: 'same' })],
  ['averagePooling1d', [7, 2], () => layers.averagePooling1d({ poolSize: 2, padding: 'same' })],
  ['maxPooling2d', [5, 6, 2], () => layers.maxPooling2d({ poolSize: 2, padding: 'same' })],
  ['averagePooling2d', [5, 6, 2], () => layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ['maxPooling3d', [4, 3, 5, 2], () => layers.maxPooling3d({ poolSize: 2, padding: 'same' })],
  ['averagePooling3d', [4, 3, 5, 2], () => layers.averagePooling3d({ poolSize: 2, padding: 'same' })],
  ['globalMaxPooling2d', [5, 4, 3], () => layers.globalMaxPooling2d({})],
  ['globalAveragePooling2d', [5, 4, 3], () => layers.globalAveragePooling2d({})],
  ['simpleRNN', [4, 2], () => layers.simpleRNN({ ...recurrent(1), returnSequences: true })],
  ['lstm', [4, 2], () => layers.lstm(recurrent(1))],
  ['gru', [4, 2], () => layers.gru(recurrent(1))],
  [
    'bidirectional',
    [4, 2],
    () => layers.bidirectional({ layer: layers.lstm(recurrent(1)) as tfl.RNN, mergeMode: 'concat' }),
  ],
  [
    'timeDistributed',
    [3, 4, 4, 1],
    () => layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 2, ...init(1) }) }),
  ],
  ['prelu', [3, 4], () => layers.prelu({ alphaInitializer: tfl.initializers.constant({ value: 0.3 }) })],
  ['upSampling2d', [3, 2, 2], () => layers.upSampling2d({ size: [2, 2] })],
  [
    'zeroPadding2d and cropping2d',
    [4, 4, 2],
    () =>
      tfl.sequential({
        layers: [
          layers.zeroPadding2d({ padding: 2, inputShape: [4, 4, 2] }),
          layers.cropping2D({
            cropping: [
              [1, 3],
              [2, 0],
            ],
          }),
        ],
      }),
  ],
];

/** Numbers a constant distance apart in random order, mostly below 0: no two meet within a step of the difference. */
function apart(n: number, seed: number): Float32Array {
  const draw = random(seed);
  const order = Array.from({ length: n }, (_, i) => [draw(), (3 * (i + 0.5)) / n - 2] as const).sort(
    ([a], [b]) => a - b,
  );
  return Float32Array.from(order, ([, value]) => value);
}

type Values = readonly Float32Array[];

/** Σ r · layer(x) with fixed numbers r, and the layer's weights, on the backend that is set. */
function lossOf(make: () => tfl.layers.Layer, shape: number[], weights?: Values) {
  const layer = make();
  const symbolic = tfl.input({ shape });
  layer.apply(symbolic);
  if (weights) layer.setWeights(layer.weights.map((w, i) => tf.tensor(weights[i]!, w.shape as number[])));
  const loss = (x: tf.Tensor): tf.Scalar =>
    tf.tidy(() => {
      const y = layer.apply(x, { training: true }) as tf.Tensor;
      return tf.sum(tf.mul(y, tf.tensor(apart(y.size, 2), y.shape)));
    });
  return { layer, loss };
}

/** ∂loss/∂x and ∂loss/∂w for each trained weight w, on wasm. */
async function gradientsOnWasm(make: () => tfl.layers.Layer, shape: number[], x: Float32Array, weights: Values) {
  await tf.setBackend('wasm');
  const { layer, loss } = lossOf(make, shape, weights);
  const image = tf.variable(tf.tensor(x, [BATCH, ...shape]));
  const trained = layer.trainableWeights.map((w) => w.read() as tf.Variable);
  const { grads } = tf.variableGrads(() => loss(image), [image, ...trained]);
  return [image, ...trained].map((v) => grads[v.name]!.dataSync() as Float32Array);
}

const BATCH = 2;
const STEP = 1e-2;

test.each(CASES)('%s trains right on repaired wasm', async (_, shape, make) => {
  const x = apart(
    shape.reduce((p, n) => p * n, BATCH),
    1,
  );
  await tf.setBackend('cpu');
  const { layer, loss } = lossOf(make, shape);
  const weights = layer.weights.map((w) => w.read().dataSync() as Float32Array);
  const gradients = await gradientsOnWasm(make, shape, x, weights);

  await tf.setBackend('cpu');
  const trained = layer.trainableWeights.map((w) => w.read() as tf.Variable);
  // One direction along the input, one along each weight; the forward pass is that of another backend.
  gradients.forEach((gradient, which) => {
    const draw = random(which + 3);
    const direction = gradient.map(() => 2 * draw() - 1);
    const at = (by: number): number => {
      const moved = (from: ArrayLike<number>) => Float32Array.from(from, (v, i) => v + by * direction[i]!);
      const variable = trained[which - 1];
      const saved = variable?.dataSync().slice() as Float32Array | undefined;
      if (saved) variable!.assign(tf.tensor(moved(saved), variable!.shape));
      const value = loss(tf.tensor(which === 0 ? moved(x) : x, [BATCH, ...shape])).dataSync()[0]!;
      if (saved) variable!.assign(tf.tensor(saved, variable!.shape));
      return value;
    };
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    // The error of a difference falls with h²: two of them together leave h⁴.
    const expected = (4 * slope(STEP / 2) - slope(STEP)) / 3;
    const length = (v: Float32Array) => Math.hypot(...v);
    const along = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    expect(Math.abs(along - expected)).toBeLessThan(2e-3 * length(gradient) * length(direction) + 1e-6);
    expect(length(gradient)).toBeGreaterThan(1e-3);
  });
});

test('embedding trains right on repaired wasm: each row gets the sum of what its uses get', async () => {
  await tf.setBackend('wasm');
  const layer = layers.embedding({ inputDim: 5, outputDim: 3 });
  layer.apply(tfl.input({ shape: [4] }));
  const words = [
    [1, 3, 1, 0],
    [3, 3, 4, 1],
  ];
  const upstream = apart(2 * 4 * 3, 1);
  const table = layer.trainableWeights[0]!.read() as tf.Variable;
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.mul(layer.apply(tf.tensor2d(words)) as tf.Tensor, tf.tensor(upstream, [2, 4, 3]))),
    [table],
  );
  const expected = new Float64Array(5 * 3);
  words.flat().forEach((word, use) => {
    for (let d = 0; d < 3; d++) expected[word * 3 + d]! += upstream[use * 3 + d]!;
  });
  const actual = grads[table.name]!.dataSync();
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));
});
