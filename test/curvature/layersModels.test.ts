import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import type { Mode, Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { selfCheck } from '../../src/curvature/selfCheck.js';
import { onBackends } from './onBackends.js';

type Stack = [string, number[], () => layers.Layer[]];

let seed = 1;
const start = () => ({ kernelInitializer: 'glorotNormal' as const, seed: seed++ });
const dense = (
  units: number,
  activation?: 'elu' | 'gelu' | 'linear' | 'relu' | 'selu' | 'sigmoid' | 'softplus' | 'tanh',
) => layers.dense({ units, ...(activation && { activation }), ...start() });
const conv = (filters: number, activation?: 'elu' | 'tanh') =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', ...(activation && { activation }), ...start() });

const recurrence = () => ({ kernelInitializer: 'glorotNormal', recurrentInitializer: 'glorotNormal' }) as const;

const stacks: Stack[] = [
  ...(['linear', 'tanh', 'sigmoid', 'elu', 'selu', 'gelu', 'softplus'] as const).map(
    (activation): Stack => [`dense layers of ${activation}`, [5], () => [dense(6, activation), dense(3)]],
  ),
  [
    'conv1d',
    [8, 2],
    () => [layers.conv1d({ filters: 3, kernelSize: 3, activation: 'tanh' }), layers.flatten(), dense(3)],
  ],
  ['conv2d and max pooling', [4, 4, 1], () => [conv(2, 'elu'), layers.maxPooling2d({}), layers.flatten(), dense(3)]],
  [
    "conv2d and average pooling 'same'",
    [5, 5, 1],
    () => [conv(3, 'tanh'), layers.averagePooling2d({ padding: 'same' }), layers.flatten(), dense(3)],
  ],
  [
    'global average pooling',
    [5, 5, 1],
    () => [conv(4, 'tanh'), layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), dense(3)],
  ],
  [
    'conv2dTranspose',
    [3, 3, 2],
    () => [
      layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, activation: 'tanh' }),
      layers.flatten(),
      dense(3),
    ],
  ],
  [
    'batch normalization',
    [5, 5, 1],
    () => [
      conv(3),
      layers.batchNormalization({}),
      layers.activation({ activation: 'tanh' }),
      layers.flatten(),
      dense(3),
    ],
  ],
  ['batch normalization of a vector', [5], () => [dense(6), layers.batchNormalization({}), layers.elu(), dense(3)]],
  [
    'layer normalization',
    [5],
    () => [dense(6), layers.layerNormalization({}), layers.activation({ activation: 'tanh' }), dense(3)],
  ],
];

const recurrent: Stack[] = [
  ['simpleRNN', [4, 3], () => [layers.simpleRNN({ units: 4, ...recurrence() }), dense(3)]],
  ['lstm', [4, 3], () => [layers.lstm({ units: 3, ...recurrence() }), dense(3)]],
  ['gru', [4, 3], () => [layers.gru({ units: 3, ...recurrence() }), dense(3)]],
  [
    'averagePooling1d',
    [6, 2],
    () => [layers.averagePooling1d({ poolSize: 2 }), layers.flatten(), dense(4, 'tanh'), dense(3)],
  ],
];

const onlyOnCpu: Stack[] = [
  [
    'a separable convolution',
    [5, 5, 2],
    () => [layers.separableConv2d({ filters: 3, kernelSize: 3, activation: 'tanh' }), layers.flatten(), dense(3)],
  ],
  [
    'a depthwise convolution',
    [5, 5, 2],
    () => [layers.depthwiseConv2d({ kernelSize: 3, activation: 'tanh' }), layers.flatten(), dense(3)],
  ],
];

function modelOf(shape: number[], stack: layers.Layer[]): LayersModel {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: shape }));
  for (const layer of stack) model.add(layer);
  return model;
}

const uniform = (shape: number[], seed: number): tf.Tensor => {
  const next = random(seed);
  return tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 4 * next() - 2),
    shape,
  );
};

function objectiveOf(model: LayersModel, mode: Mode): Objective {
  const x = uniform([6, ...model.inputs[0]!.shape.slice(1)] as number[], 5);
  const y = tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3), 'float32');
  const outputs = () => [model.apply(x, { training: mode === 'training' }) as tf.Tensor];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.losses.softmaxCrossEntropy(y, z!) as tf.Scalar;
  // Weights away from their start: biases and shifts of zero would hide what depends on them.
  const params = model.trainableWeights.map((w, i) => {
    const p = w.read() as tf.Variable;
    p.assign(tf.tidy(() => tf.add(p, tf.mul(0.2, uniform(p.shape, 40 + i)))));
    return p;
  });
  return { step: 0, params, loss: () => outputLoss(outputs()), outputs, outputLoss };
}

onBackends((backend) => {
  // wasm has no kernels for the gradient of depthwise convolution, the first one included.
  const here = backend === 'wasm' ? [...stacks, ...recurrent] : [...stacks, ...recurrent, ...onlyOnCpu];
  const cases = here.flatMap(([name, shape, make]) =>
    (['inference', 'training'] as const).map((mode) => [name, mode, shape, make] as const),
  );
  test.each(cases)('Hessian products of a model with %s, in %s, agree with differences', (_, mode, shape, make) => {
    seed = 1;
    const model = modelOf(shape, make());
    const objective = objectiveOf(model, mode);
    const before = tf.memory().numTensors;
    const curvature = curvatureOf(objective);
    const { error, verdict } = selfCheck(objective, curvature, random(9)).curvature;
    curvature.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(verdict).toBe('agrees');
    expect(error).toBeLessThan(1e-2);
  });
});
