import * as tf from '@tensorflow/tfjs-core';
import type { Cases, F } from './cases.js';

/** Operations on single elements, and on two operands. */
export const elements: Cases = {
  abs: tf.abs,
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  cast: (x) => tf.cast(x!, 'float32'),
  clipByValue: (x) => tf.clipByValue(x!, -0.75, 0.5),
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  identity: tf.clone,
  leakyRelu: (x) => tf.leakyRelu(x!, 0.125),
  log: tf.log,
  log1p: tf.log1p,
  logSigmoid: tf.logSigmoid,
  mish: (x) => tf.mul(x!, tf.tanh(tf.softplus(x!))),
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  relu6: tf.relu6,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  tan: tf.tan,
  tanh: tf.tanh,
  ...ofTwo('add', tf.add),
  ...ofTwo('sub', tf.sub),
  ...ofTwo('mul', tf.mul),
  ...ofTwo('div', tf.div),
  ...ofTwo('divNoNan', tf.divNoNan),
  ...ofTwo('maximum', tf.maximum),
  ...ofTwo('minimum', tf.minimum),
  ...ofTwo('pow', tf.pow),
  ...ofTwo('squaredDifference', tf.squaredDifference),
  ...ofTwo('atan2', tf.atan2),
  prelu: tf.prelu,
  'prelu, b broadcast': tf.prelu,
  addN: (...xs) => tf.addN(xs),
  where: (a, b) =>
    tf.where(
      tf.tensor2d(
        [
          [1, 0, 1],
          [0, 0, 1],
        ],
        [2, 3],
        'bool',
      ),
      a!,
      b!,
    ),
  'where, broadcast': (a, b) => tf.where(tf.tensor1d([1, 0, 1], 'bool'), a!, b!),
  'x to the second': (x) => tf.pow(x!, 2),
  'pow of 0': (x) => tf.pow(tf.mul(x!, [0, 1, 0]), 2),
  'pow of 0 to the first': (x) => tf.mul(tf.pow(tf.mul(x!, [0, 1, 0]), 1), x!),
  softmaxCrossEntropy: (z) => tf.losses.softmaxCrossEntropy(tf.eye(2, 4), z as tf.Tensor2D),
  sigmoidCrossEntropy: (z) => tf.losses.sigmoidCrossEntropy(tf.eye(2, 4), z as tf.Tensor2D),
  cosineDistance: (z) => tf.losses.cosineDistance(tf.eye(2, 4), z as tf.Tensor2D, 1),
};

function ofTwo(name: string, f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Cases {
  const both: F = (a, b) => f(a!, b!);
  return { [name]: both, [`${name}, b broadcast`]: both, [`${name}, both broadcast`]: both };
}
