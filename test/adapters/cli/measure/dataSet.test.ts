import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { dataSet } from '../../../../adapters/cli/measure/dataSet.js';
import { chooseLosses } from '../../../../adapters/cli/measure/lossFunctions.js';
import type { NpyArray } from '../../../../adapters/cli/measure/npy.js';

beforeAll(() => tf.setBackend('cpu'));

const array = (shape: number[], fill: (i: number) => number = (i) => i % 3, dtype = '<f4'): NpyArray => ({
  shape,
  dtype,
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => fill(i)),
});

const classifier = (): LayersModel =>
  sequential({ layers: [layers.dense({ inputShape: [4], units: 3, activation: 'softmax' })] });
const regression = (): LayersModel => sequential({ layers: [layers.dense({ inputShape: [4], units: 1 })] });

function twins(): LayersModel {
  const [a, b] = [input({ shape: [4] }), input({ shape: [2] })];
  const out = (x: SymbolicTensor) => layers.dense({ units: 1 }).apply(x) as SymbolicTensor;
  return model({ inputs: [a, b], outputs: [out(a), out(b)] });
}

const read = (net: LayersModel, loss: string, arrays: Record<string, NpyArray>) =>
  dataSet('d.npz', new Map(Object.entries(arrays)), net, chooseLosses(net, loss, undefined));
const shape = (t: unknown): number[] => (t as tf.Tensor).shape;

test('x and y become float32 tensors of the shapes the model takes', () => {
  const { x, y } = read(classifier(), 'categoricalCrossentropy', { x: array([6, 4]), y: array([6, 3]) });
  expect([shape(x), shape(y)]).toEqual([
    [6, 4],
    [6, 3],
  ]);
  expect([...(x as tf.Tensor).dataSync()].slice(0, 4)).toEqual([0, 1, 2, 0]);
  const labels = read(classifier(), 'sparseCategoricalCrossentropy', { x: array([6, 4]), y: array([6]) });
  expect(shape(labels.y)).toEqual([6, 1]);
  expect(shape(read(regression(), 'meanSquaredError', { x: array([6, 4]), y: array([6]) }).y)).toEqual([6, 1]);
});

test('several inputs and outputs are numbered, and one may be', () => {
  const arrays = { x_0: array([5, 4]), x_1: array([5, 2]), y_0: array([5, 1]), y_1: array([5]) };
  const { x, y } = read(twins(), 'meanSquaredError', arrays);
  expect([...(x as tf.Tensor[]), ...(y as tf.Tensor[])].map(shape)).toEqual([
    [5, 4],
    [5, 2],
    [5, 1],
    [5, 1],
  ]);
  expect(shape(read(regression(), 'meanSquaredError', { x_0: array([5, 4]), y_0: array([5, 1]) }).x)).toEqual([5, 4]);
});

const soft = 'categoricalCrossentropy';
const sparse = 'sparseCategoricalCrossentropy';

test.each<[string, () => unknown, string]>([
  [
    'no x',
    () => read(classifier(), soft, { images: array([6, 4]), y: array([6, 3]) }),
    '--data d.npz holds images, y; it must hold x',
  ],
  ['no y', () => read(classifier(), soft, { x: array([6, 4]) }), '--data d.npz holds x; it must hold y'],
  [
    'one of two inputs',
    () => read(twins(), 'hinge', { x: array([5, 4]) }),
    '--data d.npz holds x; it must hold x_0, x_1, one for each input of the model',
  ],
  [
    'an x of another shape',
    () => read(classifier(), soft, { x: array([6, 5]), y: array([6, 3]) }),
    'x has the shape [6, 5], but the model takes [batch, 4]',
  ],
  [
    'a y of another shape',
    () => read(classifier(), soft, { x: array([6, 4]), y: array([6, 2]) }),
    `y has the shape [6, 2], but ${soft} takes [batch, 3]`,
  ],
  [
    'numbers of classes for one-hot',
    () => read(classifier(), soft, { x: array([6, 4]), y: array([6]) }),
    'use --loss sparseCategoricalCrossentropy',
  ],
  [
    'one-hot for numbers of classes',
    () => read(classifier(), sparse, { x: array([6, 4]), y: array([6, 3]) }),
    `${sparse} takes [batch, 1]`,
  ],
  [
    'a class that is not there',
    () => read(classifier(), sparse, { x: array([6, 4]), y: array([6], (i) => i) }),
    'y must hold numbers of classes from 0 to 2, got 3',
  ],
  [
    'half a class',
    () => read(classifier(), sparse, { x: array([6, 4]), y: array([6], () => 0.5) }),
    'from 0 to 2, got 0.5',
  ],
  [
    'more x than y',
    () => read(classifier(), soft, { x: array([6, 4]), y: array([5, 3]) }),
    'equally many examples, got 6 in x, 5 in y',
  ],
  [
    'no examples',
    () => read(classifier(), soft, { x: array([0, 4]), y: array([0, 3]) }),
    'x holds no examples; there must be at least one',
  ],
  [
    'a single number',
    () => read(classifier(), soft, { x: array([]), y: array([6, 3]) }),
    'x is a single number; its first axis must be the examples',
  ],
  [
    'NaN',
    () => read(classifier(), soft, { x: array([6, 4], (i) => (i === 9 ? Number.NaN : 1)), y: array([6, 3]) }),
    'x is not usable: at [2, 1] it is NaN; leave it out',
  ],
  [
    'infinity in y',
    () => read(regression(), 'hinge', { x: array([6, 4]), y: array([6], (i) => i / 0) }),
    'y is not usable: at [0] it is NaN',
  ],
  [
    'a double beyond float32',
    () => read(classifier(), soft, { x: array([6, 4], () => 1e39, '<f8'), y: array([6, 3]) }),
    'at [0, 0] it is 1e+39, which float32 cannot hold; rescale it',
  ],
  [
    'an integer beyond float32',
    () => read(classifier(), soft, { x: array([6, 4], () => 2 ** 24 + 1, '<i8'), y: array([6, 3]) }),
    'it is 16777217, which float32 cannot hold',
  ],
])('%s is refused, naming the array and the remedy', (_, make, message) => {
  expect(make).toThrow(message);
});
