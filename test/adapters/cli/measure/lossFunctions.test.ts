import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { chooseLosses, lossNames } from '../../../../adapters/cli/measure/lossFunctions.js';

beforeAll(() => tf.setBackend('cpu'));

const ending = (activation?: 'softmax' | 'sigmoid'): LayersModel =>
  sequential({
    layers: [layers.dense({ inputShape: [2], units: 3, name: 'last', ...(activation && { activation }) })],
  });

function twoOutputs(): LayersModel {
  const x = input({ shape: [2] });
  const dense = (name: string) => layers.dense({ units: 1, name }).apply(x) as SymbolicTensor;
  return model({ inputs: x, outputs: [dense('a'), dense('b')] });
}

const names = (...args: Parameters<typeof chooseLosses>): string[] => chooseLosses(...args).map(({ name }) => name);

test('every loss it names is one that compile takes', () => {
  for (const name of lossNames) {
    const net = /CrossEntropy$/.test(name) ? ending() : ending('softmax');
    const [{ loss } = { loss: '' }] = chooseLosses(net, name, undefined);
    expect(() => net.compile({ optimizer: 'sgd', loss: loss as string })).not.toThrow();
  }
});

test('the loss is the one asked for, else the one the model was saved with, in either spelling', () => {
  expect(names(ending(), 'meanSquaredError', 'hinge')).toEqual(['meanSquaredError']);
  expect(names(ending(), undefined, 'mean_squared_error')).toEqual(['meanSquaredError']);
  expect(names(twoOutputs(), 'hinge', undefined)).toEqual(['hinge', 'hinge']);
  expect(names(twoOutputs(), 'hinge,poisson', undefined)).toEqual(['hinge', 'poisson']);
  expect(names(twoOutputs(), undefined, ['hinge', 'poisson'])).toEqual(['hinge', 'poisson']);
  const net = twoOutputs();
  const byName = Object.fromEntries(net.outputNames.map((name, i) => [name, ['hinge', 'logcosh'][i]]));
  expect(names(net, undefined, byName)).toEqual(['hinge', 'logcosh']);
});

test.each<[string, () => unknown, string]>([
  [
    'no loss at all',
    () => names(ending(), undefined, undefined),
    '--loss is missing, and the model was saved without one; give one of mean',
  ],
  [
    'an unknown loss',
    () => names(ending(), 'mse', undefined),
    "--loss: there is no loss 'mse'; there are meanSquaredError, ",
  ],
  [
    'three losses for two outputs',
    () => names(twoOutputs(), 'hinge,hinge,hinge', undefined),
    'one for each of 2 outputs, got 3',
  ],
  [
    'a loss of probabilities for logits',
    () => names(ending(), 'categoricalCrossentropy', undefined),
    'takes probabilities, but the layer last ends in logits; use --loss softmaxCrossEntropy',
  ],
  [
    'classes for logits',
    () => names(ending(), 'sparseCategoricalCrossentropy', undefined),
    'give y as one-hot, with --loss softmaxCrossEntropy',
  ],
  [
    'a loss of logits for probabilities',
    () => names(ending('sigmoid'), 'sigmoidCrossEntropy', undefined),
    'takes logits, but the layer last ends in sigmoid; use --loss binaryCrossentropy',
  ],
])('%s is refused', (_, choose, message) => {
  expect(choose).toThrow(message);
});

test('the losses of logits are those of each example', () => {
  const of = (name: string) =>
    chooseLosses(ending(), name, undefined)[0]!.loss as (y: tf.Tensor, z: tf.Tensor) => tf.Tensor;
  const [y, z] = [
    tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
    ]),
    tf.tensor2d([
      [0, 0, 0],
      [0, Math.log(2), 0],
    ]),
  ];
  // −ln ⅓, −ln ½; and the means of ln 2 (thrice), and of ln 2, ln 3/2, ln 2.
  const [softmax, sigmoid] = [of('softmaxCrossEntropy')(y, z).dataSync(), of('sigmoidCrossEntropy')(y, z).dataSync()];
  [Math.log(3), Math.log(2)].forEach((expected, i) => expect(softmax[i]).toBeCloseTo(expected, 6));
  [Math.log(2), (2 * Math.log(2) + Math.log(1.5)) / 3].forEach((expected, i) =>
    expect(sigmoid[i]).toBeCloseTo(expected, 6),
  );
});
