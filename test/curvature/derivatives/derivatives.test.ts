import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { onBackends } from '../onBackends.js';

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
];

function swish2(x: number): number {
  const s = sigmoid(x);
  return s * (1 - s) * (2 + x * (1 - 2 * s));
}

const points = [-2.3, -1.4, -0.6, -0.2, 0.35, 0.8, 1.7];

/** The derivative of a function of single elements, and of such sums of them. */
const slope =
  (f: F): F =>
  (x) =>
    tf.grad((x) => tf.sum(f(x)))(x);

const thirdOfSigmoid = (y: number): number => y * (1 - y) * (1 - 6 * y + 6 * y * y);

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

  test.each<[name: string, f: F, third: (x: number) => number]>([
    ['x⁴ is 24 x', (x) => tf.pow(x, 4), (x) => 24 * x],
    ['tanh, y, is −2 (1 − y²) (1 − 3 y²)', tf.tanh, (x) => -2 * (1 - Math.tanh(x) ** 2) * (1 - 3 * Math.tanh(x) ** 2)],
    ['the sigmoid, y, is y (1 − y) (1 − 6 y + 6 y²)', tf.sigmoid, (x) => thirdOfSigmoid(1 / (1 + Math.exp(-x)))],
  ])('the third derivative of %s', (_, f, third) => {
    tf.tidy(() => {
      const points = [-0.7, 0.5, 2];
      const found = numbers(twiceDifferentiable(() => slope(slope(slope(f)))(tf.tensor1d(points))));
      points.forEach((x, i) => {
        expect(Math.abs(found[i]! - third(x))).toBeLessThan(2e-6 * (1 + Math.abs(third(x))));
      });
    });
  });

  test('of equal elements of a reduction, each gets its share', () => {
    tf.tidy(() => {
      const shares = (f: F, x: number[]) =>
        numbers(twiceDifferentiable(() => tf.grad((x) => tf.sum(f(x)))(tf.tensor1d(x))));
      expect(shares((x) => tf.max(x), [1, 2, 2])).toEqual([0, 0.5, 0.5]);
      expect(shares((x) => tf.min(x), [1, 1, 2])).toEqual([0.5, 0.5, 0]);
    });
  });

  test('selu of a large number has no infinite derivative on the branch it does not take', () => {
    tf.tidy(() => {
      const second = twiceDifferentiable(() =>
        tf.grad((x) => tf.sum(tf.grad((x) => tf.sum(tf.selu(x)))(x)))(tf.tensor1d([200])),
      );
      expect(numbers(second)).toEqual([0]);
    });
  });

  test('the derivatives of a power of 0 are finite where they are', () => {
    tf.tidy(() => {
      const once =
        (f: F): F =>
        (x) =>
          tf.grad((x) => tf.sum(f(x)))(x);
      const square = (x: tf.Tensor): tf.Tensor => tf.pow(x, 2);
      const at0 = (f: F) => numbers(twiceDifferentiable(() => f(tf.tensor1d([0]))));
      expect(at0(once(square))).toEqual([0]);
      expect(at0(once(once(square)))).toEqual([2]);
      expect(at0(once(once(once(square))))).toEqual([0]);
    });
  });

  test('the third derivative of the fourth power of max pooling is 24 times the largest of each window', () => {
    tf.tidy(() => {
      const pool: F = (x) => tf.square(tf.square(tf.maxPool(x as tf.Tensor4D, [1, 2], 2, 'valid')));
      const third = twiceDifferentiable(() => slope(slope(slope(pool)))(tf.tensor4d([1, 3, 2, 0.5], [1, 1, 4, 1])));
      expect(numbers(third)).toEqual([0, 72, 48, 0]);
    });
  });

  test('convolutions with dilations, which tfjs does not differentiate, are refused', () => {
    tf.tidy(() => {
      const flat = (x: tf.Tensor4D) => tf.conv2d(x, tf.ones([2, 2, 1, 1]), 1, 'valid', 'NHWC', 2);
      const deep = (x: tf.Tensor5D) => tf.conv3d(x, tf.ones([2, 2, 2, 1, 1]), 1, 'valid', 'NDHWC', 2);
      const slope = (f: F, x: tf.Tensor) => twiceDifferentiable(() => tf.grad((x) => tf.sum(f(x)))(x));
      expect(() => slope(flat as F, tf.ones([1, 4, 4, 1]))).toThrow('dilation');
      if (backend !== 'tensorflow') expect(() => slope(deep as F, tf.ones([1, 4, 4, 4, 1]))).toThrow('dilations of 1');
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
