import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import type { OverparameterizeOptions } from '../../../../adapters/tfjs/index.js';
import { withRandom } from '../../../../adapters/tfjs/withRandom.js';
import { random } from '../../../../src/core/random.js';

const { layers } = tfl;

/** A model of one layer, how it is to be cut, and the names that its factors have then. */
export interface LinearCase {
  readonly name: string;
  readonly inputShape: number[];
  readonly build: () => tfl.layers.Layer[];
  readonly cut: OverparameterizeOptions;
}

const dense = (units: number, more = {}) => layers.dense({ units, activation: 'tanh', name: 'layer', ...more });
const conv2d = (more = {}) =>
  layers.conv2d({
    filters: 4,
    kernelSize: 3,
    activation: 'relu',
    name: 'layer',
    biasInitializer: 'randomNormal',
    ...more,
  });

/** Every kind of layer that can be a product, with every way of lying in space. */
export const linearCases: readonly LinearCase[] = [
  { name: 'a dense layer', inputShape: [6], build: () => [dense(5)], cut: {} },
  { name: 'a dense layer, 1 factor', inputShape: [6], build: () => [dense(5)], cut: { depth: 1 } },
  { name: 'a dense layer, 4 wide factors', inputShape: [6], build: () => [dense(5)], cut: { depth: 4, width: 2.5 } },
  { name: 'a dense layer through a bottleneck', inputShape: [6], build: () => [dense(6)], cut: { width: 0.5 } },
  {
    name: 'a dense layer without bias',
    inputShape: [6],
    build: () => [dense(5, { useBias: false })],
    cut: { depth: 3 },
  },
  { name: 'a dense layer at every step', inputShape: [3, 6], build: () => [dense(5)], cut: { depth: 3 } },
  { name: 'a residual dense layer', inputShape: [5], build: () => [dense(5)], cut: { depth: 4, residual: 2 } },
  {
    name: 'a residual dense layer, 1 factor a block',
    inputShape: [5],
    build: () => [dense(5)],
    cut: { depth: 3, residual: 1 },
  },
  {
    name: 'a residual dense layer with a factor left over',
    inputShape: [5],
    build: () => [dense(5)],
    cut: { depth: 3, residual: 2 },
  },
  {
    name: 'a wide residual dense layer',
    inputShape: [5],
    build: () => [dense(5, { activation: 'linear' })],
    cut: { depth: 2, residual: 2, width: 2 },
  },
  { name: 'a convolution', inputShape: [7, 6, 3], build: () => [conv2d()], cut: {} },
  {
    name: 'a padded convolution',
    inputShape: [7, 6, 3],
    build: () => [conv2d({ padding: 'same', kernelSize: [3, 2] })],
    cut: { depth: 3, width: 2 },
  },
  {
    name: 'a convolution of stride 2',
    inputShape: [9, 8, 3],
    build: () => [conv2d({ strides: 2 })],
    cut: { depth: 3 },
  },
  {
    name: 'a convolution of stride 2 after zeros',
    inputShape: [8, 8, 3],
    build: () => [layers.zeroPadding2d({ padding: 1 }), conv2d({ strides: 2 })],
    cut: {},
  },
  {
    name: 'a padded convolution of stride 2, even size',
    inputShape: [8, 8, 3],
    build: () => [conv2d({ strides: 2, padding: 'same' })],
    cut: {},
  },
  {
    name: 'a padded convolution of stride 2, odd size',
    inputShape: [9, 7, 3],
    build: () => [conv2d({ strides: [2, 3], padding: 'same' })],
    cut: { depth: 3 },
  },
  {
    name: 'a dilated convolution',
    inputShape: [9, 8, 3],
    build: () => [conv2d({ dilationRate: 2, padding: 'same' })],
    cut: { width: 2 },
  },
  {
    name: 'a convolution with channels first',
    inputShape: [3, 7, 6],
    build: () => [conv2d({ dataFormat: 'channelsFirst' })],
    cut: {},
  },
  {
    name: 'a residual convolution',
    inputShape: [6, 5, 4],
    build: () => [conv2d({ padding: 'same' })],
    cut: { depth: 4, residual: 2 },
  },
  {
    name: 'a residual convolution of an even kernel',
    inputShape: [6, 5, 4],
    build: () => [conv2d({ padding: 'same', kernelSize: [2, 4] })],
    cut: { residual: 2, width: 2 },
  },
  {
    name: 'a residual dilated convolution',
    inputShape: [8, 7, 4],
    build: () => [conv2d({ padding: 'same', dilationRate: 2 })],
    cut: { residual: 1 },
  },
  {
    name: 'a convolution over time',
    inputShape: [9, 3],
    build: () => [layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', name: 'layer' })],
    cut: { depth: 3 },
  },
  {
    name: 'a convolution in 3-D',
    inputShape: [5, 4, 4, 2],
    build: () => [layers.conv3d({ filters: 3, kernelSize: 2, strides: 2, name: 'layer' })],
    cut: {},
  },
];

export interface Built {
  readonly model: tfl.Sequential;
  readonly x: tf.Tensor;
}

/** The model of a case with biases that are not zero, and an input, from a seed. */
export function built({ inputShape, build }: Pick<LinearCase, 'inputShape' | 'build'>): Built {
  return withRandom(random(1), () => {
    const [first, ...rest] = build();
    const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape }), first!, ...rest] });
    model.setWeights(model.getWeights().map((w) => tf.randomNormal(w.shape, 0, 0.5)));
    return { model, x: tf.randomNormal([4, ...inputShape]) };
  });
}

export const predicted = (model: tfl.LayersModel, x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
  model.predict(x) as tf.Tensor;

/** max|a − b| over max|b|. */
export function distance(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(b))).dataSync()[0]!);
}
