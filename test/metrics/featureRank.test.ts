import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { featurePresets } from '../../src/metrics/featurePresets.js';
import { type FeatureRankOptions, featureRank } from '../../src/metrics/featureRank.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { type GoldenName, golden } from '../golden.js';
import { lowRank } from '../reference/lowRank.js';
import { featureLoop } from './featureLoop.js';

const networks: readonly GoldenName[] = ['mlp-tanh', 'mlp-relu', 'conv-max-pool', 'conv-batch-norm', 'mlp-gelu'];

testProbe({
  name: 'featureRank',
  make: featureRank,
  networks,
  expected: ({ expected }) =>
    Object.entries(expected.features).flatMap(([layer, known]) =>
      [
        { name: 'features.rank', value: known.rank },
        { name: 'features.effective_rank', value: known.effectiveRank },
        { name: 'features.spectral_entropy', value: known.spectralEntropy },
        { name: 'features.stable_rank', value: known.stableRank },
      ].map((reading) => ({ ...reading, attributes: { layer, threshold: 0.99, centering: 'columns' } })),
    ),
  tolerance: 1e-5,
});

beforeAll(() => tf.setBackend('cpu'));

function ranks(features: tf.Tensor, options: FeatureRankOptions = {}): Record<string, unknown> {
  const readings = featureRank(options).measure(stepOf(featureLoop(features)).step);
  return Object.fromEntries(readings.map(({ name, value }) => [name.replace('features.', ''), value]));
}

/** Singular values 10, 1 and 0.5: `squaredSingularValues.test.ts` says how. */
const turned = [[4.24, 4.32, 0], [4.32, 6.76, 0], [0, 0, 0.5], [0, 0, 0]]; // biome-ignore format: a matrix

describe('featureRank', () => {
  test('of singular values 10, 1, 0.5 is 2 at 99 % of the variance, 1 at 98 %, 3 at 99.9 %', () => {
    const at = (threshold: number) => ranks(tf.tensor2d(turned), { threshold, centering: 'none' }).rank;
    expect([0.98, 0.99, 0.999].map(at)).toEqual([1, 2, 3]);
  });

  test.each(Object.entries(lowRank.versions))(
    'counts as the source does, by its text and by its code: %s',
    (_, known) => {
      const features = tf.tensor(known.features.values, known.features.shape);
      const { deep, twoLayer, twoLayerSmooth } = featurePresets;
      expect(ranks(features).rank).toBe(known.ranks.text);
      expect(ranks(features, deep.rank).rank).toBe(known.ranks.deep);
      expect(ranks(features, twoLayer.rank).rank).toBe(known.ranks.twoLayer);
      expect(ranks(features, twoLayerSmooth.rank).rank).toBe(known.ranks.twoLayer);
    },
  );

  test('of zero features, or of equal examples, is 0 throughout, as the code of the source has it not', () => {
    const nothing = { rank: 0, effective_rank: 0, spectral_entropy: 0, stable_rank: 0 };
    const presets = Object.values(featurePresets).map(({ rank }) => rank);
    for (const options of [{}, ...presets]) expect(ranks(tf.zeros([20, 30]), options)).toEqual(nothing);
    expect(ranks(tf.tile(tf.tensor2d([[0.1, -0.7, 1e4]]), [20, 1]))).toEqual(nothing);
  });

  test('is left as it is by another order of the examples and by a rotation of the features', () => {
    const features = tf.randomNormal([12, 3], 0, 1, 'float32', 5) as tf.Tensor2D;
    const rotation = tf.tensor2d([[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]]); // biome-ignore format: a matrix
    const expected = ranks(features);
    for (const same of [tf.reverse(features, 0), tf.matMul(features, rotation)]) {
      const found = ranks(same);
      for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value as number, 5);
    }
  });

  test('tells of how many examples it is, which it cannot exceed', () => {
    const features = tf.randomNormal([64, 32], 0, 1, 'float32', 3) as tf.Tensor2D;
    const of = (examples: number) =>
      featureRank({ centering: 'none', threshold: 0.99999 }).measure(
        stepOf(featureLoop(tf.slice(features, 0, examples))).step,
      )[0]!;
    for (const examples of [4, 8, 16])
      expect(of(examples)).toMatchObject({ value: examples, attributes: { examples } });
    expect(of(64)).toMatchObject({ value: 32, attributes: { examples: 64 } });
  });

  test('flattens maps to a row for each example', () => {
    const flat = tf.randomNormal([6, 8], 0, 1, 'float32', 9);
    expect(ranks(tf.reshape(flat, [6, 2, 2, 2]))).toEqual(ranks(flat));
  });

  test('centres columns, rows or nothing, as asked', () => {
    const sameRows = tf.tensor2d([[1, 2], [1, 2], [1, 2]]); // biome-ignore format: a matrix
    const sameColumns = tf.tensor2d([[1, 1], [2, 2], [3, 3]]); // biome-ignore format: a matrix
    const rank = (features: tf.Tensor) =>
      (['columns', 'rows', 'none'] as const).map((centering) => ranks(features, { centering }).rank);
    expect(rank(sameRows)).toEqual([0, 1, 1]);
    expect(rank(sameColumns)).toEqual([1, 0, 1]);
  });

  test('reads the features of a layer once a step, whoever asks', () => {
    let forwardPasses = 0;
    const features = tf.tensor2d(turned);
    const { step, ledger } = stepOf({
      ...featureLoop(features),
      features() {
        forwardPasses++;
        return [features];
      },
    });
    featureRank().measure(step);
    featureRank({ threshold: 0.9, layers: ['phi'] }).measure(step);
    expect(forwardPasses).toBe(1);
    expect(ledger.evaluations()).toBeCloseTo(1 / 3, 12);
  });

  test('asks for all layers that are not read yet in one forward pass', () => {
    const asked: (readonly string[])[] = [];
    const { step, ledger } = stepOf({
      ...featureLoop(tf.tensor2d(turned)),
      features(layers) {
        asked.push(layers);
        return layers.map((_, i) => tf.mul(turned, i + 1));
      },
    });
    featureRank({ layers: ['b', 'b', 'a'] }).measure(step);
    featureRank({ layers: ['a', 'c', 'd'] }).measure(step);
    expect(asked).toEqual([
      ['b', 'a'],
      ['c', 'd'],
    ]);
    expect(ledger.evaluations()).toBeCloseTo(2 / 3, 12);
  });

  test('on a loop that gives one tensor for all layers says that it takes a list', () => {
    const { step } = stepOf({ ...featureLoop(tf.ones([2, 2])), features: (() => tf.ones([2, 2])) as never });
    expect(() => featureRank().measure(step)).toThrow('features must give a tensor for each of phi, got Tensor');
  });

  test('tells the conditions of a step apart', () => {
    const { objective, training, expected, dispose } = golden('conv-batch-norm');
    const { x, y } = objective.batch as { x: tf.Tensor; y: tf.Tensor };
    const { step } = stepOf(objective);
    const entropy = (options: FeatureRankOptions) =>
      featureRank({ layers: ['norm'], ...options })
        .measure(step)
        .find(({ name }) => name === 'features.spectral_entropy')!.value;
    expect(entropy({})).toBeCloseTo(expected.features.norm!.spectralEntropy, 5);
    expect(entropy({ mode: 'training' })).toBeCloseTo(training!.features.norm!.spectralEntropy, 5);
    expect(entropy({ on: { x: tf.zerosLike(x), y } })).toBe(0);
    dispose();
  });

  test('measures only the layers named', () => {
    const { objective, dispose } = golden('mlp-tanh');
    const layers = (options: FeatureRankOptions) =>
      new Set(
        featureRank(options)
          .measure(stepOf(objective).step)
          .map(({ attributes }) => attributes!.layer),
      );
    expect(layers({})).toEqual(new Set(['hidden1', 'hidden2']));
    expect(layers({ layers: ['hidden2'] })).toEqual(new Set(['hidden2']));
    expect(featureRank({ layers: ['hidden2'] }).needs).toEqual({ features: ['hidden2'], batch: false });
    dispose();
  });

  test('of features that are not finite is an error that names the layer', () => {
    expect(() => ranks(tf.tensor2d([[1, NaN]]))).toThrow('featureRank: features of phi are not finite');
  });

  test('on a loop that names no layers, or gives no features, says what to do', () => {
    const bare = objectiveOf([], () => tf.scalar(0));
    expect(() => featureRank().measure(stepOf(bare).step)).toThrow('layers must be given');
    expect(() => featureRank({ layers: ['a'] }).measure(stepOf(bare).step)).toThrow(
      'the objective must have features; give it to minimize',
    );
  });

  test('refuses options that make no sense, with their value', () => {
    for (const threshold of [0, 1, -1, NaN]) {
      expect(() => featureRank({ threshold })).toThrow(
        `threshold must be between 0 and 1, both excluded, got ${threshold}`,
      );
    }
    expect(() => featureRank({ centering: 'both' as never })).toThrow(
      "centering must be 'columns', 'rows' or 'none', got both",
    );
    expect(() => featureRank({ layers: [] })).toThrow('layers must be a list of names, or left out for all, got []');
    expect(() => featureRank({ layers: 'hidden' as never })).toThrow(
      'layers must be a list of names, or left out for all, got "hidden"',
    );
  });
});
