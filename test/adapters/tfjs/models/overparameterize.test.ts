import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { registerActivation } from '../../../../adapters/tfjs/activations/registerActivation.js';
import { collapse, type OverparameterizeOptions, overparameterize } from '../../../../adapters/tfjs/index.js';
import { squaredSingularValues } from '../../../../src/linalg/squaredSingularValues.js';
import { effectiveRank } from '../../../../src/metrics/spectrum.js';
import { onBackends } from '../../../curvature/onBackends.js';
import { convBatchNormDropout, weightsOf } from '../../../models.js';
import { built, distance, linearCases, predicted } from './linearCases.js';

const { layers } = tfl;
const layerNames = (model: tfl.LayersModel): string[] => model.layers.map(({ name }) => name);

onBackends(() => {
  test.each(linearCases)('$name and its factors, collapsed again, compute the same', ({ cut, ...of }) => {
    const { model, x } = built(of);
    const expanded = overparameterize(model, { ...cut, seed: 3 });
    const collapsed = collapse(expanded);
    // Drawn anew, so that the given model is no witness here.
    expect(distance(predicted(expanded, x), predicted(model, x))).toBeGreaterThan(0.1);
    expect(distance(predicted(collapsed, x), predicted(expanded, x))).toBeLessThan(1e-5);
    expect(collapsed.countParams()).toBe(model.countParams());
  });

  test.each(linearCases.filter(({ cut }) => (cut.width ?? 1) >= 1))(
    '$name has the outputs of the given model where kernels are kept',
    ({ cut, ...of }) => {
      const { model, x } = built(of);
      const expanded = overparameterize(model, { ...cut, kernels: 'kept' });
      expect(distance(predicted(expanded, x), predicted(model, x))).toBeLessThan(cut.residual ? 1e-5 : 1e-6);
      expect(distance(predicted(collapse(expanded), x), predicted(model, x))).toBeLessThan(1e-5);
    },
  );

  test('a step of gradient descent on two factors moves their product by −η (∇ K₂ᵀK₂ + K₁K₁ᵀ ∇) + η² ∇ K₂ᵀK₁ᵀ ∇', async () => {
    const eta = 0.05;
    const { model, x } = built({ inputShape: [4], build: () => [layers.dense({ units: 3, useBias: false })] });
    const y = tf.randomNormal([4, 3], 0, 1, 'float32', 5);
    const expanded = overparameterize(model, { seed: 1, width: 2 });
    const [k1, k2] = expanded.getWeights().map(rowsOf) as [Matrix, Matrix];
    expanded.compile({ optimizer: tf.train.sgd(eta), loss: 'meanSquaredError' });
    await expanded.trainOnBatch(x, y);
    const moved = rowsOf(collapse(expanded).getWeights()[0]!);

    const [data, target] = [rowsOf(x), rowsOf(y)];
    const product = times(k1, k2);
    const error = plus(times(data, product), target, -1);
    const gradient = times(transposed(data), error).map((row) => row.map((value) => (2 / 12) * value));
    const first = plus(times(gradient, times(transposed(k2), k2)), times(times(k1, transposed(k1)), gradient));
    const second = times(times(gradient, transposed(times(k1, k2))), gradient);
    const expected = plus(plus(product, first, -eta), second, eta ** 2);
    expected.flat().forEach((value, i) => expect(moved.flat()[i]).toBeCloseTo(value, 5));
  });

  test('a model of branches and a layer in two places gets factors in both, and is itself again when collapsed', () => {
    const [a, b] = [tfl.input({ shape: [5], name: 'a' }), tfl.input({ shape: [5], name: 'b' })];
    const twin = layers.dense({ units: 4, activation: 'relu', name: 'twin' });
    const [left, right] = [twin.apply(a), twin.apply(b)] as [tfl.SymbolicTensor, tfl.SymbolicTensor];
    const merged = layers.concatenate({ name: 'merged' }).apply([left, right]) as tfl.SymbolicTensor;
    const out = layers.dense({ units: 2, name: 'out' }).apply(merged) as tfl.SymbolicTensor;
    const model = tfl.model({ inputs: [a, b], outputs: [out, left] });
    const x = [tf.randomNormal([3, 5], 0, 1, 'float32', 1), tf.randomNormal([3, 5], 0, 1, 'float32', 2)];

    const expanded = overparameterize(model, { depth: 2, kernels: 'kept' });
    const collapsed = collapse(expanded);
    expect(layerNames(expanded)).toEqual(['a', 'b', 'twin_factor_1', 'twin', 'merged', 'out_factor_1', 'out']);
    expect(expanded.getLayer('twin_factor_1').inboundNodes).toHaveLength(2);
    expect(layerNames(collapsed)).toEqual(layerNames(model));
    const wanted = model.predict(x) as tf.Tensor[];
    for (const made of [expanded, collapsed]) {
      const found = made.predict(x) as tf.Tensor[];
      expect(found).toHaveLength(2);
      found.forEach((output, i) => expect(distance(output, wanted[i]!)).toBeLessThan(1e-5));
    }
  });
});

test('the given model stays as it is, and all that is new goes with the new one', () => {
  const { model, x } = convBatchNormDropout();
  predicted(model, x);
  const [was, places, before] = [weightsOf(model), placesIn(model), tf.memory().numTensors];
  const expanded = overparameterize(model, { depth: 3, kernels: 'kept' });
  expect(tf.memory().numTensors).toBe(before + expanded.weights.length);
  expanded.dispose();
  expect(tf.memory().numTensors).toBe(before);
  expect(weightsOf(model)).toEqual(was);
  expect(placesIn(model)).toEqual(places);
});

const placesIn = (model: tfl.LayersModel): number[] =>
  model.layers.flatMap(({ inboundNodes, outboundNodes }) => [inboundNodes.length, outboundNodes.length]);

test('kernels have the spread of Kaiming: √2 as large in the last factor, by fan-in if dense, by fan-out if not', () => {
  const spreads = (layer: tfl.layers.Layer, inputShape: number[]): number[] => {
    const model = tfl.sequential({ layers: [layers.inputLayer({ inputShape }), layer] });
    const kernels = overparameterize(model, { depth: 3, width: 2, seed: 7 })
      .getWeights()
      .filter(({ rank }) => rank > 1);
    return kernels.map((kernel) => Math.sqrt(tf.mean(tf.square(kernel)).dataSync()[0]!));
  };
  // Of 24,000 draws or more: their root mean square has a relative standard error of 0.5 %.
  const [a, b, c] = spreads(layers.dense({ units: 120 }), [100]);
  expect(a! * Math.sqrt(100)).toBeCloseTo(1, 1.7);
  expect(b! * Math.sqrt(240)).toBeCloseTo(1, 1.7);
  expect(c! * Math.sqrt(240 / 2)).toBeCloseTo(1, 1.7);
  const [d, e, f] = spreads(layers.conv2d({ filters: 120, kernelSize: 3 }), [8, 8, 20]);
  expect(d! * Math.sqrt(9 * 240)).toBeCloseTo(1, 1.7);
  expect(e! * Math.sqrt(240)).toBeCloseTo(1, 1.7);
  expect(f! * Math.sqrt(120 / 2)).toBeCloseTo(1, 1.7);
});

/** The mean effective rank of the product of 32 × 32 matrices over 16 draws. */
function meanRank(cut: OverparameterizeOptions): number {
  const model = tfl.sequential({ layers: [layers.dense({ units: 32, inputShape: [32], useBias: false })] });
  const ranks = Array.from({ length: 16 }, (_, seed) => {
    const kernel = collapse(overparameterize(model, { ...cut, seed })).getWeights()[0]!;
    const squares = squaredSingularValues({ rows: 32, columns: 32, values: Float64Array.from(kernel.dataSync()) });
    return effectiveRank(squares.map(Math.sqrt));
  });
  return ranks.reduce((a, b) => a + b) / ranks.length;
}

test('the effective rank of a product of Gaussian factors falls with depth, as NumPy has it', () => {
  // Means of 64 draws in NumPy, and a spread of 0.3 to 0.7 of one draw.
  const expected = [
    [1, 25.55],
    [2, 21.13],
    [4, 15.58],
    [8, 10.13],
    [16, 6.06],
  ] as const;
  for (const [depth, rank] of expected) expect(Math.abs(meanRank({ depth }) - rank)).toBeLessThan(1);
});

test('a residual keeps the effective rank of a product up, as NumPy has it', () => {
  // Means of 64 draws of products of I + W W′ in NumPy, and a spread of 0.4 to 0.8 of one draw.
  for (const [depth, rank] of [
    [4, 21.82],
    [8, 16.75],
    [16, 11.04],
  ] as const)
    expect(Math.abs(meanRank({ depth, residual: 2 }) - rank)).toBeLessThan(1);
});

test('factors say what they are: padding first, strides last, bias and activation at the end', () => {
  const conv = layers.conv2d({
    filters: 4,
    kernelSize: 3,
    strides: 2,
    activation: 'relu',
    name: 'conv',
    inputShape: [9, 9, 2],
  });
  const expanded = overparameterize(tfl.sequential({ layers: [conv] }), { depth: 3, width: 2 });
  const shapes = expanded.layers.slice(1).map((layer) => {
    const { name, filters, kernelSize, strides, padding, useBias, activation } = layer.getConfig();
    return { name, filters, kernelSize, strides, padding, useBias, activation };
  });
  expect(shapes).toEqual([
    {
      name: 'conv_factor_1',
      filters: 8,
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: 'valid',
      useBias: false,
      activation: 'linear',
    },
    {
      name: 'conv_factor_2',
      filters: 8,
      kernelSize: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      useBias: false,
      activation: 'linear',
    },
    {
      name: 'conv',
      filters: 4,
      kernelSize: [1, 1],
      strides: [2, 2],
      padding: 'valid',
      useBias: true,
      activation: 'relu',
    },
  ]);
});

test('what is trainable stays so, biases keep their values, and a regularizer of the kernel is on each factor', () => {
  const penalty = tfl.regularizers.l2({ l2: 0.5 });
  const model = tfl.sequential({
    layers: [
      layers.dense({ units: 3, inputShape: [2], name: 'frozen', trainable: false, biasInitializer: 'ones' }),
      layers.dense({ units: 3, name: 'learns', useBias: false, kernelRegularizer: penalty }),
    ],
  });
  const expanded = overparameterize(model, { depth: 2, seed: 1 });
  expect(expanded.trainableWeights.map(({ originalName }) => originalName)).toEqual([
    'learns_factor_1/kernel',
    'learns/kernel',
  ]);
  expect([...expanded.getLayer('frozen').getWeights()[1]!.dataSync()]).toEqual([1, 1, 1]);
  const squares = expanded.trainableWeights.map((w) => tf.sum(tf.square(w.read())).dataSync()[0]!);
  const penalties = expanded.calculateLosses().map((loss) => loss.dataSync()[0]!);
  expect(penalties).toHaveLength(2);
  penalties.forEach((value, i) => expect(value).toBeCloseTo(0.5 * squares[i]!, 5));
});

test('nested models are cut as well, shared or not, and all else keeps its weights', () => {
  const inner = tfl.sequential({
    name: 'inner',
    layers: [layers.dense({ units: 4, inputShape: [4], name: 'in' }), layers.batchNormalization({ name: 'norm' })],
  });
  inner.setWeights(inner.getWeights().map((w, i) => tf.randomUniform(w.shape, 0.5, 1.5, 'float32', i)));
  const x = tfl.input({ shape: [4] });
  const twice = inner.apply(inner.apply(x)) as tfl.SymbolicTensor;
  const model = tfl.model({
    inputs: x,
    outputs: layers.dense({ units: 2, name: 'out' }).apply(twice) as tfl.SymbolicTensor,
  });
  const expanded = overparameterize(model, { kernels: 'kept' });
  const nested = expanded.getLayer('inner') as tfl.LayersModel;
  expect(layerNames(nested).slice(1)).toEqual(['in_factor_1', 'in', 'norm']);
  expect(weightsOf(nested).slice(-4)).toEqual(weightsOf(inner as unknown as tfl.LayersModel).slice(-4));
  const data = tf.randomNormal([3, 4]);
  expect(distance(predicted(expanded, data), predicted(model, data))).toBeLessThan(1e-6);
  const collapsed = collapse(expanded);
  expect(layerNames(collapsed.getLayer('inner') as tfl.LayersModel).slice(1)).toEqual(['in']);
  expect(distance(predicted(collapsed, data), predicted(model, data))).toBeLessThan(1e-5);
});

test('layers can be cut one after another, each in its own way, but none twice', () => {
  const { model, x } = built({
    inputShape: [4],
    build: () => [layers.dense({ units: 3, activation: 'relu', name: 'a' }), layers.dense({ units: 3, name: 'b' })],
  });
  const once = overparameterize(model, { kernels: 'kept', only: ({ name }) => name === 'a' });
  const both = overparameterize(once, { kernels: 'kept', depth: 3, residual: 3, only: ({ name }) => name === 'b' });
  expect(layerNames(both).slice(1)).toEqual(['a_factor_1', 'a', 'b_factor_1', 'b_factor_2', 'b', 'b_residual_1']);
  expect(distance(predicted(both, x), predicted(model, x))).toBeLessThan(1e-5);
  expect(layerNames(collapse(both)).slice(1)).toEqual(['a', 'b']);
  expect(() => overparameterize(once)).toThrow(
    "Dense a is a product already; leave it out: { only: ({ name }) => name !== 'a' }",
  );
});

test('draws are those of the seed, and else those of Math.random', () => {
  const model = tfl.sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] });
  const drawn = (options: OverparameterizeOptions) => weightsOf(overparameterize(model, options));
  expect(drawn({ seed: 4 })).toEqual(drawn({ seed: 4 }));
  expect(drawn({ seed: 4 })).not.toEqual(drawn({ seed: 5 }));
  expect(drawn({})).not.toEqual(drawn({}));
});

test.each([undefined, 2])('activations of the user are kept, with residual %s', (residual) => {
  const activation = registerActivation('quartic', (x) => tf.pow(x, 4));
  const { model, x } = built({ inputShape: [3], build: () => [layers.dense({ units: 3, activation })] });
  const expanded = overparameterize(model, { kernels: 'kept', ...(residual && { residual }) });
  const quartic = tf.pow(tf.add(tf.matMul(x, model.getWeights()[0]!), model.getWeights()[1]!), 4);
  for (const made of [expanded, collapse(expanded)]) expect(distance(predicted(made, x), quartic)).toBeLessThan(1e-5);
});

test('a model of factors is saved and loaded like any other', async () => {
  const { model, x } = built({
    inputShape: [5, 5, 4],
    build: () => [layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' })],
  });
  const expanded = overparameterize(model, { residual: 2 });
  let saved: tf.io.ModelArtifacts | undefined;
  await expanded.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
  expect(distance(predicted(loaded, x), predicted(expanded, x))).toBe(0);
});

const denseOf = (units: number, more = {}) =>
  tfl.sequential({ layers: [layers.dense({ units, inputShape: [3], name: 'mine', ...more })] });
const convOf = (more: Partial<Parameters<typeof layers.conv2d>[0]>) =>
  tfl.sequential({
    layers: [layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 2], name: 'mine', ...more })],
  });
const of = (layer: tfl.layers.Layer) =>
  tfl.sequential({ layers: [layers.inputLayer({ inputShape: [8, 8, 2] }), layer] });

test.each<[string, () => tfl.LayersModel, OverparameterizeOptions, string]>([
  ['a depth of 0', () => denseOf(2), { depth: 0 }, 'depth must be a whole number >= 1, got 0'],
  ['a width of NaN', () => denseOf(2), { width: NaN }, 'width must be positive and finite, got NaN'],
  [
    'a residual beyond the depth',
    () => denseOf(2),
    { residual: 3 },
    'residual must be a whole number from 1 to 2, got 3',
  ],
  ['unknown kernels', () => denseOf(2), { kernels: 'new' as 'kept' }, "kernels must be 'drawn' or 'kept', got new"],
  ['a seed of 0.5', () => denseOf(2), { seed: 0.5 }, 'seed must be a whole number, got 0.5'],
  ['only as a name', () => denseOf(2), { only: 'mine' as never }, 'only must be a function of a layer, got mine'],
  ['no layer left', () => denseOf(2), { only: () => false }, 'has no dense or convolutional layer that only lets pass'],
  [
    'a width that leaves nothing',
    () => denseOf(2),
    { width: 0.4 },
    "Dense mine makes 2 channels, of which width 0.4 leaves none; leave it out: { only: ({ name }) => name !== 'mine' }",
  ],
  [
    'keeping through a bottleneck',
    () => denseOf(2),
    { width: 0.5, kernels: 'kept' },
    'mine makes 2 channels, and not every kernel is a product of factors with 1 between them',
  ],
  [
    'a residual between unequal channels',
    () => denseOf(2),
    { residual: 2 },
    'mine has 3 channels before factor 1 and 2 after factor 2, which cannot be added',
  ],
  [
    'a residual over strides',
    () => convOf({ strides: 2, padding: 'same' }),
    { residual: 2 },
    'Conv2D mine does not keep the places of its input',
  ],
  ['a residual without padding', () => convOf({}), { residual: 2 }, "that takes stride 1 and padding 'same'"],
  ['a constraint', () => denseOf(2, { kernelConstraint: 'nonNeg' }), {}, 'mine has a kernel constraint'],
  [
    'a depthwise convolution',
    () => of(layers.depthwiseConv2d({ kernelSize: 2, name: 'mine' })),
    {},
    'DepthwiseConv2D mine has no kernel over all channels of its own',
  ],
  [
    'a separable convolution',
    () => of(layers.separableConv2d({ filters: 2, kernelSize: 2, name: 'mine' })),
    {},
    'SeparableConv2D mine has no',
  ],
  [
    'a transposed convolution',
    () => of(layers.conv2dTranspose({ filters: 2, kernelSize: 2, name: 'mine' })),
    {},
    'Conv2DTranspose mine has no',
  ],
  [
    'a wrapped layer',
    () => of(layers.timeDistributed({ layer: layers.dense({ units: 2 }), name: 'mine' })),
    {},
    'TimeDistributed mine has no',
  ],
  ['an empty model', () => tfl.sequential({ name: 'empty' }), {}, 'empty'],
])('it refuses %s by name, and makes nothing', (_, model, options, message) => {
  const given = model();
  const before = tf.memory().numTensors;
  expect(() => overparameterize(given, options)).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});

test('what it refuses can be left out', () => {
  const model = tfl.sequential({
    layers: [
      layers.depthwiseConv2d({ kernelSize: 2, inputShape: [4, 4, 2], name: 'depthwise' }),
      layers.conv2d({ filters: 2, kernelSize: 1, name: 'conv' }),
    ],
  });
  const expanded = overparameterize(model, { only: ({ name }) => name !== 'depthwise' });
  expect(layerNames(expanded).slice(1)).toEqual(['depthwise', 'conv_factor_1', 'conv']);
});

type Matrix = number[][];
const rowsOf = (t: tf.Tensor): Matrix => (t as tf.Tensor2D).arraySync();
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const plus = (a: Matrix, b: Matrix, factor = 1): Matrix =>
  a.map((row, i) => row.map((value, j) => value + factor * b[i]![j]!));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
