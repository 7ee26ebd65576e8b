import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { chooseProbes } from '../../../../adapters/cli/measure/chooseProbes.js';
import { measureRequest } from '../../../../adapters/cli/measure/measureOptions.js';
import type { Batch } from '../../../../src/core/objective.js';

beforeAll(() => tf.setBackend('cpu'));

const examples = (rows: number, ...target: number[]): Batch => ({
  x: tf.ones([rows, 2]),
  y: tf.ones([rows, ...target]),
});

const chosen = (loss: string, on: Batch, options: { readonly metrics?: string; readonly neighbours?: number } = {}) => {
  const request = measureRequest({ model: 'm.json', data: 'd.npz', ...options });
  return chooseProbes(request, on, [{ name: loss, loss }]).probes.map(({ name }) => name);
};

test.each([
  ['categoricalCrossentropy', examples(11, 3)],
  ['sparseCategoricalCrossentropy', examples(11, 1)],
  ['softmaxCrossEntropy', examples(11, 3)],
])('neighbours vote where each example has a class: %s', (loss, on) => {
  expect(chosen(loss, on)).toEqual(expect.arrayContaining(['featureRank', 'featureSingularValues', 'knnError']));
});

test.each([
  ['meanSquaredError', examples(11, 1)],
  ['binaryCrossentropy', examples(11, 3)],
  ['categoricalCrossentropy', examples(11, 4, 3)],
  ['categoricalCrossentropy', examples(10, 3)],
])('they do not where targets are no classes, or the examples no more than they: %s', (loss, on) => {
  expect(chosen(loss, on)).not.toContain('knnError');
});

test('asked for by name they vote on whatever there is, and say where they cannot', () => {
  expect(chosen('meanSquaredError', examples(11, 1), { metrics: 'knn.error' })).toEqual(['knnError']);
  expect(chosen('meanSquaredError', examples(4, 1), { metrics: 'knn', neighbours: 3 })).toEqual(['knnError']);
  expect(() => chosen('meanSquaredError', examples(4, 1), { metrics: 'knn' })).toThrow(
    'k must be at most the number of neighbours, 3, got 10',
  );
});

test('a family of names brings every probe of it, and an unknown name says which there are', () => {
  expect(chosen('meanSquaredError', examples(4, 1), { metrics: 'features' })).toEqual([
    'featureRank',
    'featureSingularValues',
    'unitActivity',
  ]);
  expect(() => chosen('meanSquaredError', examples(4, 1), { metrics: 'feature' })).toThrow(
    /^--metrics: there is no measurement 'feature'; there are train\.loss, .*, knn\.error$/,
  );
});
