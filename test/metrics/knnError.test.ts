import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Batch, Objective } from '../../src/core/objective.js';
import { type KnnErrorOptions, knnError } from '../../src/metrics/knnError.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { golden } from '../golden.js';
import { type Classified, lowRank } from '../reference/lowRank.js';
import { rankFamily } from '../reference/rankFamily.js';
import { featureLoop } from './featureLoop.js';

testProbe({
  name: 'knnError',
  make: (conditions) => knnError({ k: rankFamily['mlp-tanh'].features.hidden1!.neighbours!.k, ...conditions }),
  networks: ['mlp-tanh'],
  expected: () =>
    Object.entries(rankFamily['mlp-tanh'].features).map(([layer, { neighbours }]) => ({
      name: 'knn.error',
      value: neighbours!.error,
      attributes: { layer, k: neighbours!.k, neighbours: 'of the same set' },
    })),
  tolerance: 1e-9,
});

beforeAll(() => tf.setBackend('cpu'));

/** A loop whose layers put out their inputs. */
const loopOn = (batch: Batch): Objective => ({
  ...featureLoop(batch.x as tf.Tensor),
  features: (layers) => layers.map(() => batch.x as tf.Tensor),
  batch,
  withBatch: loopOn,
});

const measured = (batch: Batch, options: KnnErrorOptions = {}) => knnError(options).measure(stepOf(loopOn(batch)).step);
const error = (batch: Batch, options: KnnErrorOptions = {}) => measured(batch, options)[0]!.value;

const setOf = ({ features, classes }: Classified): Batch => ({
  x: tf.tensor(features.values, features.shape),
  y: tf.oneHot([...classes], 3),
});

/** Directions in the plane, of any length, and their classes. */
const set = (angles: readonly number[], classes: readonly number[]): Batch => ({
  x: tf.tensor2d(angles.map((angle, i) => [(1 + i) * Math.cos(angle), (1 + i) * Math.sin(angle)])),
  y: tf.tensor1d([...classes]),
});

describe('knnError', () => {
  test.each(lowRank.neighbours.errors)('of $k neighbours is that of NumPy', ({ k, againstKnown, leftOut }) => {
    const [known, asked] = [setOf(lowRank.neighbours.known), setOf(lowRank.neighbours.asked)];
    expect(error(asked, { k, on: asked, reference: known })).toBeCloseTo(againstKnown, 12);
    expect(error(known, { k })).toBeCloseTo(leftOut, 12);
  });

  test('of maps is that of NumPy', () => {
    const { objective, dispose } = golden('conv-max-pool');
    const { k, error } = rankFamily['conv-max-pool'].features.conv!.neighbours!;
    expect(knnError({ k }).measure(stepOf(objective).step)).toMatchObject([{ value: expect.closeTo(error, 9) }]);
    dispose();
  });

  test('of classes in directions of their own is 0, and of each other 1, whatever the lengths', () => {
    const apart = set([0, 0.1, 3, 3.1], [5, 5, 7, 7]);
    expect(error(apart, { k: 1 })).toBe(0);
    expect(error(set([0, 0.1, 3, 3.1], [5, 7, 5, 7]), { k: 1 })).toBe(1);
  });

  test('leaves an example out of its own neighbours, but not its twin in the reference', () => {
    const alone = set([0, 1, 2], [0, 1, 2]);
    expect(error(alone, { k: 1 })).toBe(1);
    for (const reference of [set([0, 1, 2], [0, 1, 2]), alone]) {
      expect(error(alone, { k: 1, on: alone, reference })).toBe(0);
    }
  });

  test('takes the lowest of equally common classes', () => {
    const [asked, reference] = [set([0], [1]), set([0.1, 0.2, 0.3, 0.4], [2, 1, 2, 1])];
    expect(error(asked, { k: 4, on: asked, reference })).toBe(0);
    expect(error(asked, { k: 3, on: asked, reference })).toBe(1);
  });

  test('takes the earlier of equally near neighbours, as all are to an example without features', () => {
    const nothing: Batch = { x: tf.zeros([1, 2]), y: tf.tensor1d([4]) };
    const before = (classes: readonly number[]) =>
      error(nothing, { k: 1, on: nothing, reference: set([0, 1, 2], classes) });
    expect([before([4, 0, 0]), before([0, 4, 4])]).toEqual([0, 1]);
  });

  test('reads classes off one-hot targets, probabilities and whole numbers alike', () => {
    const { x } = set([0, 0.1, 3, 3.1], []);
    const targets = [
      tf.tensor2d([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]]), // biome-ignore format: a matrix
      tf.oneHot([0, 0, 1, 1], 2),
      tf.tensor2d([[0], [0], [1], [1]]), // biome-ignore format: a matrix
      tf.tensor1d([0, 0, 1, 1], 'int32'),
    ];
    for (const y of targets) expect(error({ x, y }, { k: 1 })).toBe(0);
    const swapped = [tf.oneHot([0, 1, 0, 1], 2), tf.tensor1d([0, 0, 1, 1])];
    expect(error({ x, y: swapped }, { k: 1 })).toBe(1);
    expect(error({ x, y: swapped }, { k: 1, output: 1 })).toBe(0);
  });

  test('says of how many neighbours, and of which set, and needs the targets', () => {
    const apart = set([0, 0.1, 3, 3.1], [5, 5, 7, 7]);
    expect(measured(apart, { k: 2 })).toMatchObject([
      { attributes: { layer: 'phi', examples: 4, k: 2, neighbours: 'of the same set' } },
    ]);
    expect(measured(apart, { k: 4, on: apart, reference: apart })).toMatchObject([
      { attributes: { layer: 'phi', examples: 4, k: 4, neighbours: 'of the reference' } },
    ]);
    expect(knnError().needs).toEqual({ features: true, batch: true });
  });

  test('makes one forward pass for all layers, and one on the reference', () => {
    const passes: (readonly string[])[] = [];
    const counting = (batch: Batch): Objective => ({
      ...loopOn(batch),
      features(layers) {
        passes.push(layers);
        return layers.map(() => batch.x as tf.Tensor);
      },
      withBatch: counting,
    });
    const [on, reference] = [set([0, 1], [0, 1]), set([0, 1, 2], [0, 1, 0])];
    const { step, ledger } = stepOf(counting(on));
    knnError({ k: 1, layers: ['a', 'b'], on, reference }).measure(step);
    expect(passes).toEqual([['a', 'b'], ['a', 'b']]); // biome-ignore format: two passes
    expect(ledger.evaluations()).toBeCloseTo(2 / 3, 12);
  });

  test('refuses options that make no sense, with their value', () => {
    const four = set([0, 1, 2, 3], [0, 0, 1, 1]);
    for (const k of [0, 1.5, NaN]) expect(() => knnError({ k })).toThrow(`k must be a whole number >= 1, got ${k}`);
    expect(() => knnError({ k: 4, on: four })).toThrow('k must be at most the number of neighbours, 3, got 4');
    expect(() => knnError({ k: 5, on: four, reference: four })).toThrow('the number of neighbours, 4, got 5');
    expect(() => knnError({ reference: four })).toThrow('on must be given with reference');
    expect(() => knnError({ on: four, reference: { x: four.x } as never })).toThrow(
      'knnError: reference must be { x, y } of tensors, got { x }',
    );
    const wide = { x: tf.zeros([4, 3]), y: four.y };
    expect(() => knnError({ k: 1, on: four, reference: wide })).toThrow(
      'reference must be shaped as on, [n,2], [n], got [n,3], [n]',
    );
    expect(() => knnError({ output: -1 })).toThrow('output must be a whole number >= 0, got -1');
    expect(() => knnError({ output: 1, k: 1, on: four })).toThrow(
      'output must be below 1, the number of targets, got 1',
    );
    expect(() => knnError({ layers: [] })).toThrow(
      'knnError: layers must be a list of names, or left out for all, got []',
    );
  });

  test('says what is wrong with a batch that it cannot measure on', () => {
    const { x } = set([0, 1, 2, 3], []);
    expect(() => error(set([0, 1, 2], [0, 1, 1]))).toThrow(
      'k must be at most the number of neighbours, 2, got 10; measure on a larger fixed set',
    );
    expect(() => error({ x, y: tf.tensor1d([0, 1, 0.5, 1]) }, { k: 1 })).toThrow(
      'targets must be classes, one-hot or whole numbers, got 0.5',
    );
    for (const row of [
      [1, 1, 0],
      [0, 0, 0],
      [1.5, -0.5, 0],
    ]) {
      // biome-ignore format: rows
      expect(() => error({ x, y: tf.tensor2d([[0, 1, 0], row, [0, 1, 0], row]) }, { k: 1 })).toThrow(
        `targets must be one-hot or probabilities, one class an example, got [${row.join(', ')}]`,
      );
    }
    expect(() => error({ x, y: tf.zeros([4, 2, 3]) }, { k: 1 })).toThrow('one class an example, got [4,2,3]');
    const { step } = stepOf(featureLoop(x as tf.Tensor));
    expect(() => knnError().measure(step)).toThrow('knnError: the objective must have batch; give it to minimize');
  });

  test('names the reference where it is disposed of before the run has stopped', () => {
    const [on, reference] = [set([0, 1], [0, 1]), set([0, 1], [0, 1])];
    const probe = knnError({ k: 1, on, reference });
    tf.dispose(reference.y as tf.Tensor);
    expect(() => probe.measure(stepOf(loopOn(on)).step)).toThrow(
      'knnError: reference holds a tensor that is disposed of; keep it until the run has stopped',
    );
  });
});
