import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { twiceDifferentiable } from '../../src/curvature/twiceDifferentiable.js';
import { numbers } from '../conformance/objectiveOf.js';
import { onBackends } from './onBackends.js';

type F = (x: tf.Tensor) => tf.Tensor;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const [seluScale, seluAlpha] = [1.0507009873554805, 1.6732632423543772];

/** Functions of a number, with their second derivative in closed form. */
const elementwise: [string, F, (x: number) => number][] = [
  ['square', (x) => tf.square(x), () => 2],
  ['cube', (x) => tf.pow(x, 3), (x) => 6 * x],
  ['exp', (x) => tf.exp(x), (x) => Math.exp(x)],
  ['log(x² + 1)', (x) => tf.log(tf.add(tf.square(x), 1)), (x) => (2 - 2 * x * x) / (1 + x * x) ** 2],
  ['sqrt(x² + 1)', (x) => tf.sqrt(tf.add(tf.square(x), 1)), (x) => (1 + x * x) ** -1.5],
  ['1 / (x + 5)', (x) => tf.div(1, tf.add(x, 5)), (x) => 2 / (x + 5) ** 3],
  ['sin', (x) => tf.sin(x), (x) => -Math.sin(x)],
  ['tanh', (x) => tf.tanh(x), (x) => (-2 * Math.tanh(x)) / Math.cosh(x) ** 2],
  ['sigmoid', (x) => tf.sigmoid(x), (x) => sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x))],
  ['softplus', (x) => tf.softplus(x), (x) => sigmoid(x) * (1 - sigmoid(x))],
  ['elu', (x) => tf.elu(x), (x) => (x < 0 ? Math.exp(x) : 0)],
  ['selu', (x) => tf.selu(x), (x) => (x < 0 ? seluScale * seluAlpha * Math.exp(x) : 0)],
  ['swish', (x) => tf.mul(x, tf.sigmoid(x)), (x) => swish2(x)],
  ['gelu', (x) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))), (x) => (2 - x * x) * density(x)],
  ['relu', (x) => tf.relu(x), () => 0],
  ['x · relu', (x) => tf.mul(x, tf.relu(x)), (x) => (x > 0 ? 2 : 0)],
  ['x · relu6', (x) => tf.mul(x, tf.relu6(x)), (x) => (x > 0 ? 2 : 0)],
  ['leakyRelu²', (x) => tf.square(tf.leakyRelu(x, 0.1)), (x) => (x > 0 ? 2 : 0.02)],
  ['prelu²', (x) => tf.square(tf.prelu(x, tf.scalar(0.1))), (x) => (x > 0 ? 2 : 0.02)],
  ['abs', (x) => tf.abs(x), () => 0],
  ['x · |x|', (x) => tf.mul(x, tf.abs(x)), (x) => 2 * Math.sign(x)],
  ['clipped square', (x) => tf.square(tf.clipByValue(x, -1, 1)), (x) => (Math.abs(x) < 1 ? 2 : 0)],
  ['maximum(x, x²)', (x) => tf.maximum(x, tf.square(x)), (x) => (x < 0 || x > 1 ? 2 : 0)],
  ['where(x > 0, x³, x²)', (x) => tf.where(tf.greater(x, 0), tf.pow(x, 3), tf.square(x)), (x) => (x > 0 ? 6 * x : 2)],
  ['neg', (x) => tf.neg(x), () => 0],
  ['sign', (x) => tf.sign(x), () => 0],
  ['step', (x) => tf.step(x), () => 0],
  ['floor', (x) => tf.floor(x), () => 0],
  ['ceil', (x) => tf.ceil(x), () => 0],
  ['x · round', (x) => tf.mul(x, tf.round(x)), () => 0],
  ['x · floorDiv', (x) => tf.mul(x, tf.floorDiv(x, tf.scalar(0.3))), () => 0],
];

function swish2(x: number): number {
  const s = sigmoid(x);
  return s * (1 - s) * (2 + x * (1 - 2 * s));
}

const points = [-2.3, -1.4, -0.6, -0.2, 0.35, 0.8, 1.7];

const normal = (shape: number[], seed: number): tf.Tensor => {
  const next = random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, () => 2 * (next() + next() + next()) - 3),
    shape,
  );
};

const image = (): tf.Tensor => normal([2, 5, 5, 2], 1);
/** All values at least 0.1 apart: no difference reaches across a change of the largest. */
const distinct = (): tf.Tensor => {
  const next = random(4);
  const order = Array.from({ length: 100 }, (_, i) => ({ i, key: next() })).sort((a, b) => a.key - b.key);
  return tf.tensor(
    order.map(({ i }) => i / 10 - 5),
    [2, 5, 5, 2],
  );
};
const conv = (filter: number[], f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor): F => {
  return (x) => f(x as tf.Tensor4D, normal(filter, 2) as tf.Tensor4D);
};
const perChannel = (seed: number) => tf.add(2, tf.abs(normal([2], seed))) as tf.Tensor1D;

/** Operations that mix their elements, with an input on which they are smooth. */
const mixing: [string, () => tf.Tensor, F][] = [
  ['matMul', () => normal([3, 4], 1), (x) => tf.matMul(x, tf.transpose(x))],
  ['a fused layer', () => normal([3, 4], 1), (x) => fusedDense(x, 'linear')],
  ['a fused layer of relu', () => normal([3, 4], 1), (x) => tf.square(fusedDense(x, 'relu'))],
  ['softmax', () => normal([3, 4], 1), (x) => tf.softmax(x)],
  ['logSoftmax', () => normal([3, 4], 1), (x) => tf.logSoftmax(x)],
  ['logSumExp', () => normal([3, 4], 1), (x) => tf.logSumExp(x, 1)],
  ['max', () => normal([3, 4], 1), (x) => tf.square(tf.max(x, 1))],
  ['mean and variance', () => normal([3, 4], 1), (x) => tf.moments(x, [0]).variance],
  [
    'softmax cross-entropy',
    () => normal([3, 4], 1),
    (x) => tf.losses.softmaxCrossEntropy(tf.eye(3, 4), x as tf.Tensor2D),
  ],
  [
    'sigmoid cross-entropy',
    () => normal([3, 4], 1),
    (x) => tf.losses.sigmoidCrossEntropy(tf.eye(3, 4), x as tf.Tensor2D),
  ],
  ['tile', () => normal([2, 1, 3], 1), (x) => tf.tile(tf.square(x), [1, 4, 2])],
  [
    'mirrorPad, reflecting',
    () => normal([3, 4], 1),
    (x) =>
      tf.square(
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [0, 3],
          ],
          'reflect',
        ),
      ),
  ],
  [
    'mirrorPad, symmetric',
    () => normal([3, 4], 1),
    (x) =>
      tf.square(
        tf.mirrorPad(
          x,
          [
            [3, 2],
            [4, 0],
          ],
          'symmetric',
        ),
      ),
  ],
  ['the image of conv2d', image, conv([3, 3, 2, 3], (x, f) => tf.square(tf.conv2d(x, f, 2, 'same')))],
  [
    'the filter of conv2d',
    () => normal([3, 3, 2, 2], 3),
    (f) => tf.square(tf.conv2d(image() as tf.Tensor4D, f as tf.Tensor4D, 1, 'valid')),
  ],
  [
    'conv2dTranspose',
    image,
    conv([3, 3, 3, 2], (x, f) => tf.square(tf.conv2dTranspose(x, f, [2, 10, 10, 3], 2, 'same'))),
  ],
  [
    'conv1d',
    () => normal([2, 6, 2], 1),
    (x) => tf.square(tf.conv1d(x as tf.Tensor3D, normal([3, 2, 2], 2) as tf.Tensor3D, 1, 'same')),
  ],
  ['max pooling', distinct, (x) => tf.square(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))],
  ['max pooling with overlap', distinct, (x) => tf.square(tf.maxPool(x as tf.Tensor4D, 3, 1, 'same'))],
  ['average pooling', image, (x) => tf.square(tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'))],
  ["average pooling 'same'", image, (x) => tf.square(tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'))],
  ['batch normalization by its batch', image, (x) => batchNorm(x, tf.moments(x, [0, 1, 2]))],
  [
    'batch normalization by constants',
    image,
    (x) => tf.square(batchNorm(x, { mean: perChannel(5), variance: perChannel(6) })),
  ],
];

const depthwise: [string, () => tf.Tensor, F][] = [
  ['the image of depthwiseConv2d', image, conv([3, 3, 2, 2], (x, f) => tf.square(tf.depthwiseConv2d(x, f, 1, 'same')))],
  [
    'the filter of depthwiseConv2d',
    () => normal([3, 3, 2, 2], 3),
    (f) => tf.square(tf.depthwiseConv2d(image() as tf.Tensor4D, f as tf.Tensor4D, 1, 'same')),
  ],
  [
    'separableConv2d',
    image,
    conv([3, 3, 2, 2], (x, f) =>
      tf.square(tf.separableConv2d(x, f, normal([1, 1, 4, 3], 7) as tf.Tensor4D, 1, 'same')),
    ),
  ],
];

function fusedDense(x: tf.Tensor, activation: 'linear' | 'relu'): tf.Tensor {
  const kernel = normal([4, 3], 2);
  const z = tf.fused.matMul({ a: x, b: kernel, bias: normal([3], 3), activation });
  return tf.fused.matMul({ a: tf.tanh(z), b: normal([3, 2], 4), activation });
}

const batchNorm = (x: tf.Tensor, { mean, variance }: { mean: tf.Tensor; variance: tf.Tensor }): tf.Tensor =>
  tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, perChannel(8), perChannel(9), 1e-3);

/** A scalar of f(x) in which every element counts, differently. */
const readout = (f: F, x: tf.Tensor): tf.Scalar => {
  const y = f(x);
  return tf.sum(tf.mul(y, normal(y.shape, 11)));
};

const slope = (f: F, x: tf.Tensor): tf.Tensor => tf.grad((x) => readout(f, x))(x);

const along = (a: tf.Tensor, b: tf.Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0]!;

/** Largest error of first and second derivative along v against central differences, relative to their size. */
function errors(make: () => tf.Tensor, f: F): { first: number; second: number } {
  return tf.tidy(() => {
    const x = make();
    const [u, v] = [normal(x.shape, 12), normal(x.shape, 13)];
    const h = 1e-2;
    const [ahead, behind] = [tf.add(x, tf.mul(v, h)), tf.sub(x, tf.mul(v, h))];
    const { g, gAhead, gBehind, hv } = twiceDifferentiable(() => ({
      g: slope(f, x),
      gAhead: slope(f, ahead),
      gBehind: slope(f, behind),
      hv: tf.grad((x) => tf.sum(tf.mul(slope(f, x), v)))(x),
    }));
    const value = (at: tf.Tensor) => readout(f, at).dataSync()[0]!;
    const first = (value(ahead) - value(behind)) / (2 * h);
    const second = along(tf.sub(gAhead, gBehind), u) / (2 * h);
    return {
      first: Math.abs(along(g, v) - first) / Math.max(1, Math.abs(first)),
      second: Math.abs(along(hv, u) - second) / Math.max(1, Math.abs(second)),
    };
  });
}

onBackends((backend) => {
  test.each(elementwise)('the second derivative of %s is the closed form', (_, f, expected) => {
    tf.tidy(() => {
      const x = tf.tensor1d(points);
      const second = twiceDifferentiable(() => tf.grad((x) => tf.sum(tf.grad((x) => tf.sum(f(x)))(x)))(x));
      numbers(second).forEach((value, i) => {
        expect(value).toBeCloseTo(expected(points[i]!), 4);
      });
    });
  });

  // wasm has no kernels for the gradient of depthwise convolution, the first one included.
  test.each(backend === 'wasm' ? mixing : [...mixing, ...depthwise])(
    'both derivatives of %s agree with central differences',
    (_, make, f) => {
      const { first, second } = errors(make, f);
      expect(first).toBeLessThan(5e-3);
      expect(second).toBeLessThan(5e-3);
    },
  );

  test('the third derivative of x⁴ is 24x', () => {
    tf.tidy(() => {
      const once =
        (f: F): F =>
        (x) =>
          tf.grad((x) => tf.sum(f(x)))(x);
      const third = twiceDifferentiable(() => once(once(once((x) => tf.pow(x, 4))))(tf.tensor1d([0.5, 2])));
      expect(numbers(third)[0]).toBeCloseTo(12, 3);
      expect(numbers(third)[1]).toBeCloseTo(48, 3);
    });
  });

  test('of equal elements in a window, the first in reading order gets it all', () => {
    tf.tidy(() => {
      const pool: F = (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
      const g = twiceDifferentiable(() => tf.grad((x) => tf.sum(pool(x)))(tf.zeros([1, 2, 2, 1])));
      expect(numbers(g)).toEqual([1, 0, 0, 0]);
    });
  });
});
