import * as tf from '@tensorflow/tfjs-core';
import type { Cases, F } from './cases.js';

/** Reductions, scans, products of matrices, and what moves elements about. */
export const arrangements: Cases = {
  ...reduction('sum', tf.sum),
  ...reduction('mean', tf.mean),
  ...reduction('max', tf.max),
  ...reduction('min', tf.min),
  ...reduction('prod', tf.prod),
  'prod with zeros': (x) => tf.prod(tf.mul(x!, holes()), 1),
  'max of equals': (x) => tf.max(tf.concat([x!, x!]), 0),
  'min of equals': (x) => tf.min(tf.concat([x!, x!]), 0),
  logSumExp: (x) => tf.logSumExp(x!, 1),
  softmax: (x) => tf.softmax(x!),
  logSoftmax: (x) => tf.logSoftmax(x!),
  moments: (x) => {
    const { mean, variance } = tf.moments(x!, 0);
    return [mean, variance];
  },
  'euclidean norm': (x) => tf.norm(x!, 'euclidean', 1),
  ...scans('cumsum', tf.cumsum),
  ...scans('cumprod', tf.cumprod),
  'cumprod with zeros': (x) => tf.cumprod(tf.mul(x!, holes()), 1),
  reshape: (x) => tf.reshape(x!, [3, 2]),
  expandDims: (x) => tf.expandDims(x!, 1),
  squeeze: (x) => tf.squeeze(x!, [1]),
  transpose: (x) => tf.transpose(x!, [2, 0, 1]),
  reverse: (x) => tf.reverse(x!, [0, 2]),
  slice: (x) => tf.slice(x!, [1, 0], [2, 2]),
  concat: (a, b) => tf.concat([a!, b!], 1),
  stack: (a, b) => tf.stack([a!, b!], 1),
  unstack: (x) => tf.unstack(x!, 1),
  split: (x) => tf.split(x!, [1, 2, 1], 1),
  'one part of a split': (x) => tf.split(x!, [1, 2, 1], 1)[1]!,
  tile: (x) => tf.tile(x!, [2, 1, 3]),
  broadcastTo: (x) => tf.broadcastTo(x!, [2, 3, 2]),
  pad: (x) =>
    tf.pad(x!, [
      [1, 0],
      [0, 2],
    ]),
  'pad by a constant': (x) =>
    tf.pad(
      x!,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  'mirrorPad, reflect': (x) =>
    tf.mirrorPad(
      x!,
      [
        [1, 2],
        [0, 1],
      ],
      'reflect',
    ),
  'mirrorPad, symmetric': (x) =>
    tf.mirrorPad(
      x!,
      [
        [3, 2],
        [1, 2],
      ],
      'symmetric',
    ),
  spaceToBatchND: (x) =>
    tf.spaceToBatchND(
      x!,
      [2, 2],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  batchToSpaceND: (x) =>
    tf.batchToSpaceND(
      x!,
      [2, 2],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  gather: (x) => tf.gather(x!, [2, 0, 2]),
  'gather along 1': (x) =>
    tf.gather(
      x!,
      [
        [2, 0],
        [2, 1],
      ],
      1,
    ),
  'gather by batches': (x) => tf.gather(x!, rows(), 1, 1),
  'gather by batches along 2': (x) => tf.gather(x!, rows(), 2, 1),
  unsortedSegmentSum: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([0, 2, 0], 'int32'), 3),
  ...products('matMul'),
  ...products('matMul of batches'),
  ...products('matMul, broadcast'),
  dot: (a, b) => tf.dot(a!, b!),
  outerProduct: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
};

const holes = (): tf.Tensor =>
  tf.tensor2d([
    [0, 1, 1],
    [0, 1, 0],
    [1, 1, 1],
  ]);
const rows = (): tf.Tensor =>
  tf.tensor2d(
    [
      [2, 0, 2],
      [1, 1, 0],
    ],
    [2, 3],
    'int32',
  );

function reduction(name: string, f: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor): Cases {
  return {
    [`${name} of all`]: (x) => f(x!),
    [`${name} of the last`]: (x) => f(x!, -1),
    [`${name} of the first, kept`]: (x) => f(x!, 0, true),
    [`${name} of first and last`]: (x) => f(x!, [0, 2]),
  };
}

type Scan = (x: tf.Tensor, axis?: number, exclusive?: boolean, reverse?: boolean) => tf.Tensor;

function scans(name: string, f: Scan): Cases {
  return {
    [`${name} along 0`]: (x) => f(x!, 0),
    [`${name} along 1`]: (x) => f(x!, 1),
    [`${name} along 2`]: (x) => f(x!, 2),
    [`${name}, exclusive`]: (x) => f(x!, 0, true),
    [`${name}, reverse`]: (x) => f(x!, 0, false, true),
    [`${name}, exclusive and reverse`]: (x) => f(x!, 1, true, true),
  };
}

function products(name: string): Cases {
  const product =
    (turnA: boolean, turnB: boolean): F =>
    (a, b) =>
      tf.matMul(a!, b!, turnA, turnB);
  return {
    [name]: product(false, false),
    [`${name}, a turned`]: product(true, false),
    [`${name}, b turned`]: product(false, true),
    [`${name}, both turned`]: product(true, true),
  };
}
