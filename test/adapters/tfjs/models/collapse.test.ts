import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test, vi } from 'vitest';
import { collapse, overparameterize } from '../../../../adapters/tfjs/index.js';
import { onBackends } from '../../../curvature/onBackends.js';
import { convBatchNormDropout, weightsOf } from '../../../models.js';
import { built, distance, predicted } from './linearCases.js';

const { layers } = tfl;
const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];
const isInput = (layer: tfl.layers.Layer): boolean => layer.getClassName() === 'InputLayer';
const names = (model: tfl.LayersModel): string[] =>
  model.layers.filter((layer) => !isInput(layer)).map(({ name }) => name);

/** A model of a list of layers with these weights, those of its layers in order. */
function sequentialOf(inputShape: number[], list: tfl.layers.Layer[], weights: number[][]): tfl.Sequential {
  const model = tfl.sequential({ layers: [layers.inputLayer({ inputShape }), ...list] });
  model.setWeights(model.getWeights().map(({ shape }, i) => tf.tensor(weights[i]!, shape)));
  return model;
}

const dense = (units: number, more = {}) => layers.dense({ units, ...more });
const conv = (more = {}) => layers.conv2d({ filters: 4, kernelSize: 3, ...more });
const norm = (more = {}) => layers.batchNormalization(more);

onBackends(() => {
  test('two dense layers are W₁W₂ and b₁W₂ + b₂', () => {
    const model = sequentialOf(
      [2],
      [dense(2), dense(1, { name: 'last', activation: 'relu' })],
      [[1, 2, 3, 4], [5, 6], [1, -1], [0.5]],
    );
    const collapsed = collapse(model);
    expect(names(collapsed)).toEqual(['last']);
    // [[1, 2], [3, 4]] [1, −1]ᵀ = [−1, −1]ᵀ; [5, 6] · [1, −1] + 0.5 = −0.5.
    expect(collapsed.getWeights().map(numbers)).toEqual([[-1, -1], [-0.5]]);
    expect(collapsed.layers[1]!.getConfig()).toMatchObject({ units: 1, activation: 'relu', useBias: true });
  });

  test('two convolutions are one of the product of their polynomials: (1 + 2z)(1 − z) = 1 + z − 2z²', () => {
    const list = [
      layers.conv1d({ filters: 1, kernelSize: 2 }),
      layers.conv1d({ filters: 1, kernelSize: 2, strides: 2, name: 'last' }),
    ];
    const collapsed = collapse(sequentialOf([6, 1], list, [[1, 2], [3], [1, -1], [1]]));
    expect(collapsed.layers[1]!.getConfig()).toMatchObject({ kernelSize: [3], strides: [2], padding: 'valid' });
    // The bias of the first goes through 1 − 1 = 0.
    expect(collapsed.getWeights().map(numbers)).toEqual([[1, 1, -2], [1]]);
  });

  test('batch normalization after a layer scales what it makes, and before it what it takes', () => {
    const [scale, averages] = [
      [
        [3, 2],
        [1, -1],
      ],
      [
        [0.5, 2],
        [4 - 0.25, 1 - 0.25],
      ],
    ]; // γ, β, and μ, σ² = 4, 1 less ε
    const [last, normalization] = [{ name: 'last' }, { epsilon: 0.25 }];
    const after = [[2, 5], [1, 1], ...scale, ...averages];
    const before = [...scale, [2, 5], [1], ...averages];
    const collapsed = [
      collapse(sequentialOf([1], [dense(2, last), norm(normalization)], after)),
      collapse(sequentialOf([2], [norm(normalization), dense(1, last)], before)),
    ];
    // γ/σ = [1.5, 2] is on the weights of both. b = γ/σ (1 − μ) + β, and b = 1 + W (β − μγ/σ) = 1 + 2 · 0.25 − 5 · 5.
    const expected = [
      [
        [3, 10],
        [1.75, -3],
      ],
      [[3, 10], [-23.5]],
    ];
    collapsed.forEach((model, i) => {
      expect(names(model)).toEqual(['last']);
      model.getWeights().forEach((weight, j) => {
        expect(weight.size).toBe(expected[i]![j]!.length);
        numbers(weight).forEach((value, k) => expect(value).toBeCloseTo(expected[i]![j]![k]!, 5));
      });
    });
  });

  test('batch normalization along the first axis goes with a convolution of channels first', () => {
    // tfjs itself takes it along the last, in inference on cpu and wasm, so that outputs are no witness.
    const list = [
      layers.conv2d({ filters: 2, kernelSize: 1, dataFormat: 'channelsFirst', name: 'last' }),
      norm({ axis: 1, epsilon: 0.25 }),
    ];
    const collapsed = collapse(
      sequentialOf([1, 2, 2], list, [
        [2, 5],
        [1, 1],
        [3, 2],
        [1, -1],
        [0.5, 2],
        [3.75, 0.75],
      ]),
    );
    expect(names(collapsed)).toEqual(['last']);
    const [kernel, bias] = collapsed.getWeights().map(numbers) as [number[], number[]];
    [3, 10].forEach((value, i) => expect(kernel[i]).toBeCloseTo(value, 5));
    [1.75, -3].forEach((value, i) => expect(bias[i]).toBeCloseTo(value, 5));
  });

  test('x + f(x) is the kernel of f and 1 at the middle', () => {
    const x = tfl.input({ shape: [4, 1] });
    const f = layers.conv1d({ filters: 1, kernelSize: 2, padding: 'same', useBias: false, name: 'f' });
    const sum = layers.add().apply([x, f.apply(x) as tfl.SymbolicTensor]) as tfl.SymbolicTensor;
    const model = tfl.model({ inputs: x, outputs: sum });
    f.setWeights([tf.tensor([2, 3], [2, 1, 1])]);
    const collapsed = collapse(model);
    expect(names(collapsed)).toEqual(['f']);
    // tfjs pads an even kernel on the right, so that its first weight is on the place that comes out.
    expect(collapsed.getWeights().map(numbers)).toEqual([[3, 3]]);
    expect(numbers(predicted(collapsed, tf.tensor([1, 2, 3, 4], [1, 4, 1])))).toEqual([9, 15, 21, 12]);
  });

  test.each<[string, number[], () => tfl.layers.Layer[], number]>([
    [
      'a padded convolution, then batch normalization',
      [6, 5, 3],
      () => [conv({ padding: 'same', strides: 2 }), norm()],
      1,
    ],
    ['batch normalization, then an unpadded convolution', [6, 5, 3], () => [norm(), conv()], 1],
    [
      'two unpadded convolutions, the second with strides',
      [9, 8, 3],
      () => [conv(), conv({ strides: 2, kernelSize: [2, 3] })],
      1,
    ],
    [
      'a strided convolution, then 1 × 1 of stride 2',
      [12, 11, 3],
      () => [conv({ strides: 2 }), conv({ kernelSize: 1, strides: 2 })],
      1,
    ],
    ['1 × 1, then a dilated convolution', [9, 8, 3], () => [conv({ kernelSize: 1 }), conv({ dilationRate: 2 })], 1],
    [
      'a convolution over time, then normalization',
      [9, 3],
      () => [layers.conv1d({ filters: 2, kernelSize: 3 }), norm()],
      1,
    ],
    [
      'two convolutions in 3-D',
      [5, 4, 4, 2],
      () => [layers.conv3d({ filters: 2, kernelSize: 2 }), layers.conv3d({ filters: 2, kernelSize: [1, 2, 2] })],
      1,
    ],
    [
      'two convolutions with channels first',
      [3, 6, 5],
      () => [conv({ dataFormat: 'channelsFirst' }), conv({ dataFormat: 'channelsFirst' })],
      1,
    ],
    [
      'dense layers at every step around normalization without scale',
      [3, 4],
      () => [dense(5), norm({ scale: false, center: false }), dense(2)],
      1,
    ],
    ['convolutions without bias', [6, 5, 3], () => [conv({ useBias: false }), conv({ useBias: false })], 1],
    ['normalization, then a padded convolution', [6, 5, 3], () => [norm(), conv({ padding: 'same' })], 2],
    ['two padded convolutions', [6, 5, 3], () => [conv({ padding: 'same' }), conv({ padding: 'same' })], 2],
    ['a padded convolution, then a larger one', [6, 5, 3], () => [conv({ padding: 'same' }), conv()], 2],
    [
      'a padded convolution, then 1 × 1 of stride 2',
      [6, 5, 3],
      () => [conv({ padding: 'same' }), conv({ kernelSize: 1, strides: 2 })],
      2,
    ],
    ['a strided convolution, then a larger one', [9, 9, 3], () => [conv({ strides: 2 }), conv()], 2],
    ['a dilated convolution, then a larger one', [9, 9, 3], () => [conv({ dilationRate: 2 }), conv()], 2],
    ['a nonlinear layer, then a dense one', [4], () => [dense(4, { activation: 'tanh' }), dense(2)], 2],
    ['layers around a dropout', [4], () => [dense(4), layers.dropout({ rate: 0.5 }), dense(2)], 3],
    ['a convolution, then a dense layer at every place', [5, 5, 3], () => [conv(), dense(2)], 2],
    ['normalization along another axis, then a dense layer', [3, 4], () => [norm({ axis: 1 }), dense(2)], 2],
    [
      'normalization of channels first, then a convolution of channels last',
      [5, 5, 5],
      () => [norm({ axis: 1 }), conv()],
      2,
    ],
  ])('%s: outputs stay, folded where exact', (_, inputShape, build, count) => {
    const { model, x } = built({ inputShape, build });
    // Variances are not negative.
    model.setWeights(
      model.getWeights().map((w, i) => (model.weights[i]!.originalName.endsWith('variance') ? tf.abs(w) : w)),
    );
    const collapsed = collapse(model);
    expect(collapsed.layers).toHaveLength(1 + count);
    expect(distance(predicted(collapsed, x), predicted(model, x))).toBeLessThan(1e-5);
  });

  test('a trained convnet with batch normalization and dropout, its factors folded with it, predicts the same', async () => {
    const { model, x, y } = convBatchNormDropout();
    const expanded = overparameterize(model, { depth: 3, seed: 2 });
    expanded.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
    for (let i = 0; i < 3; i++) await expanded.trainOnBatch(x, y);
    const collapsed = collapse(expanded);
    expect(names(collapsed)).toEqual(names(model).filter((name) => name !== 'norm'));
    expect(
      distance(predicted(expanded, x), predicted(overparameterize(model, { depth: 3, seed: 2 }), x)),
    ).toBeGreaterThan(1e-3);
    expect(distance(predicted(collapsed, x), predicted(expanded, x))).toBeLessThan(1e-5);
  });
});

test('what something else reads is not folded: a branch, an output, a layer that stands elsewhere too', () => {
  const x = tfl.input({ shape: [3] });
  const of = (layer: tfl.layers.Layer, ...from: tfl.SymbolicTensor[]) =>
    layer.apply(from.length > 1 ? from : from[0]!) as tfl.SymbolicTensor;
  const read = of(dense(3, { name: 'read' }), x);
  const branch = of(layers.concatenate({ name: 'both' }), of(dense(3, { name: 'branch' }), read), read);
  const shown = of(dense(3, { name: 'shown' }), branch);
  const shared = dense(3, { name: 'shared' });
  const here = of(dense(3, { name: 'here' }), of(shared, shown));
  const there = of(shared, here);
  const model = tfl.model({ inputs: x, outputs: [shown, there] });
  const collapsed = collapse(model);
  expect(names(collapsed).sort()).toEqual(['both', 'branch', 'here', 'read', 'shared', 'shown']);
  const data = tf.randomNormal([2, 3]);
  const [a, b] = [model, collapsed].map((m) => (m.predict(data) as tf.Tensor[]).map(numbers));
  expect(b).toEqual(a);
});

test('layers that follow each other in every place are folded, and stand in all of them', () => {
  const [a, b] = [tfl.input({ shape: [3] }), tfl.input({ shape: [3] })];
  const [first, second] = [dense(4, { name: 'first' }), dense(2, { name: 'second' })];
  const through = (x: tfl.SymbolicTensor) => second.apply(first.apply(x)) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: [a, b], outputs: [through(a), through(b)] });
  const collapsed = collapse(model);
  expect(collapsed.layers.slice(2).map(({ name }) => name)).toEqual(['second']);
  const x = [tf.randomNormal([2, 3]), tf.randomNormal([2, 3])];
  const [wanted, found] = [model, collapsed].map((m) => m.predict(x) as tf.Tensor[]) as [tf.Tensor[], tf.Tensor[]];
  found.forEach((output, i) => expect(distance(output, wanted[i]!)).toBeLessThan(1e-5));
});

test('a sum of channels that are spread over many is not folded', () => {
  const x = tfl.input({ shape: [1] });
  const f = dense(3).apply(x) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: x, outputs: layers.add().apply([x, f]) as tfl.SymbolicTensor });
  expect(names(collapse(model))).toHaveLength(2);
});

test('the new layer has regularizer and initializers of the last one, no constraint, and is frozen if all were', () => {
  const build = (trainable: boolean) =>
    tfl.sequential({
      layers: [
        dense(3, { inputShape: [2], trainable: false }),
        dense(2, {
          name: 'last',
          trainable,
          kernelConstraint: 'nonNeg',
          kernelRegularizer: tfl.regularizers.l2({ l2: 0.5 }),
        }),
      ],
    });
  const layer = collapse(build(true)).layers[1]!;
  expect(layer.getConfig()).toMatchObject({ kernelConstraint: null, kernelRegularizer: { config: { l2: 0.5 } } });
  expect(layer.trainableWeights).toHaveLength(2);
  expect(collapse(build(false)).trainableWeights).toHaveLength(0);
});

test('copies keep every weight bit for bit, also what a constraint would change, and what is frozen one by one', () => {
  const model = tfl.sequential({
    layers: [
      dense(2, { inputShape: [2], activation: 'relu', kernelConstraint: 'unitNorm' }),
      norm(),
      layers.activation({ activation: 'relu' }),
    ],
  });
  model.setWeights(model.getWeights());
  (model.weights[0]!.read() as tf.Variable).assign(tf.tensor([1, 2, 3, 4], [2, 2]));
  model.weights[2]!.trainable = false; // γ, before β
  const collapsed = collapse(model);
  expect(weightsOf(collapsed)).toEqual(weightsOf(model));
  expect(collapsed.trainableWeights.map(({ originalName }) => originalName)).toEqual(
    model.trainableWeights.map(({ originalName }) => originalName),
  );
});

test('it leaves the given model as it was, and what is new goes with the new one', () => {
  const { model, x } = convBatchNormDropout();
  predicted(model, x);
  const [was, before] = [weightsOf(model), tf.memory().numTensors];
  const collapsed = collapse(model);
  expect(tf.memory().numTensors).toBe(before + collapsed.weights.length);
  collapsed.dispose();
  expect(tf.memory().numTensors).toBe(before);
  expect(weightsOf(model)).toEqual(was);
});

test('the stream of Math.random does not move, though layers in a wrapper draw when they are built', () => {
  const wrapped = layers.timeDistributed({ layer: dense(2), inputShape: [3, 2] });
  const model = tfl.sequential({ layers: [wrapped] });
  const drawn = vi.spyOn(Math, 'random');
  collapse(model);
  expect(drawn).not.toHaveBeenCalled();
  drawn.mockRestore();
});

test('the format of a Conv1D stays, which is not in its configuration', () => {
  const model = tfl.sequential({
    layers: [layers.conv1d({ filters: 2, kernelSize: 1, dataFormat: 'channelsFirst', inputShape: [3, 4] })],
  });
  expect(collapse(model).outputShape).toEqual([null, 2, 4]);
  expect(overparameterize(model).outputShape).toEqual([null, 2, 4]);
});

test('a layer inside and outside of a nested model has the same factors in both', () => {
  const { model, x } = built({ inputShape: [4], build: () => [dense(4, { name: 'layer', activation: 'tanh' })] });
  const shared = model.layers[1]!;
  const outside = tfl.input({ shape: [4] });
  const inside = model.apply(shared.apply(outside)) as tfl.SymbolicTensor;
  const whole = tfl.model({ inputs: outside, outputs: inside });
  const deep = overparameterize(whole, { kernels: 'kept' });
  expect(deep.layers[2]).toBe((deep.layers[3] as unknown as tfl.LayersModel).layers[2]);
  for (const made of [deep, collapse(deep)])
    expect(distance(predicted(made, x), predicted(whole, x))).toBeLessThan(1e-5);
});

class Unregistered extends layers.Layer {
  static readonly className = 'Unregistered';
  constructor(private readonly given: { factor: number }) {
    super({ name: 'custom' });
    if (!given.factor) throw new Error('no factor');
  }
  override call(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, this.given.factor);
  }
}

test('a layer that cannot be made again is named, and a thing that is no model', () => {
  const model = tfl.sequential({ layers: [dense(2, { inputShape: [2] }), new Unregistered({ factor: 2 })] });
  const before = tf.memory().numTensors;
  expect(() => collapse(model)).toThrow('collapse: Unregistered custom cannot be made again from its configuration');
  expect(tf.memory().numTensors).toBe(before);
  expect(() => collapse({} as tfl.LayersModel)).toThrow('collapse: it takes a LayersModel');
});
