import * as tf from '@tensorflow/tfjs-core';
import type { TestedBackend } from '../../onBackends.js';
import { goldens } from './golden.js';

type Unary = (x: tf.Tensor) => tf.Tensor;

const decided = (f: (x: tf.Tensor, other: tf.Tensor) => tf.Tensor): Unary => {
  return (x) => tf.cast(f(x, tf.mul(x, x)), 'float32');
};
const asserted = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Unary => {
  return decided((x, other) => f(tf.greater(x, 0), tf.greater(other, 1)));
};

/** Kernels that are constant wherever they can be differentiated, as functions of their input. */
export const constant: Readonly<Record<string, Unary>> = {
  All: decided((x) => tf.all(tf.greater(x, 0))),
  Any: decided((x) => tf.any(tf.greater(x, 0))),
  ArgMax: decided((x) => tf.argMax(x)),
  ArgMin: decided((x) => tf.argMin(x)),
  Ceil: tf.ceil,
  Equal: decided(tf.equal),
  Floor: tf.floor,
  Greater: decided(tf.greater),
  GreaterEqual: decided(tf.greaterEqual),
  IsFinite: decided((x) => tf.isFinite(x)),
  IsInf: decided((x) => tf.isInf(x)),
  IsNan: decided((x) => tf.isNaN(x)),
  Less: decided(tf.less),
  LessEqual: decided(tf.lessEqual),
  LogicalAnd: asserted(tf.logicalAnd),
  LogicalNot: asserted((a) => tf.logicalNot(a)),
  LogicalOr: asserted(tf.logicalOr),
  NotEqual: decided(tf.notEqual),
  OneHot: (x) => tf.oneHot(tf.cast(tf.greater(x, 0), 'int32'), 2) as tf.Tensor,
  OnesLike: tf.onesLike,
  Round: tf.round,
  Sign: tf.sign,
  Step: (x) => tf.step(x),
  ZerosLike: tf.zerosLike,
};

const reals = (x: tf.Tensor): tf.Tensor => tf.tensor(x.dataSync(), x.shape);
const image = (x: tf.Tensor): tf.Tensor3D => tf.reshape(x, [2, 2, 1]);
const filter = (): tf.Tensor3D => tf.zeros([1, 1, 1]);

/** Kernels that are refused, with a function of four numbers that uses them. */
export const refusals: Readonly<Record<string, Unary>> = {
  ComplexAbs: (x) => tf.abs(tf.complex(x, reals(x))),
  Dilation2D: (x) => tf.dilation2d(image(x), filter(), 1, 'valid'),
  FloorDiv: (x) => tf.cast(tf.floorDiv(x, tf.scalar(0.3)), 'float32'),
  Mod: (x) => tf.mod(x, tf.scalar(0.3)),
};

/** Kernels that run within a custom gradient of tfjs, under the case that runs them. */
export const withinCustomGradients: Readonly<Record<string, string>> = {
  _FusedMatMul: 'fused matMul, linear',
  FusedConv2D: 'fused conv2d, linear',
  FusedDepthwiseConv2D: 'fused depthwiseConv2d, linear',
};

/** What a walk hands on as it is: tfjs clones each operand, so that every case proves it. */
export const handedOn = 'Identity';

/** Kernels that make integers, truth values or strings, or make their tensor from none: no derivative reaches them. */
export const withoutFloats: ReadonlySet<string> = new Set([
  ...[
    'Bincount',
    'BitwiseAnd',
    'BroadcastArgs',
    'DenseBincount',
    'Draw',
    'Fill',
    'FromPixels',
    'LinSpace',
    'LogicalXor',
  ],
  ...['LowerBound', 'Multinomial', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5', 'Pool'],
  ...['RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'Range', 'SearchSorted', 'SparseFillEmptyRows'],
  ...[
    'SparseReshape',
    'StaticRegexReplace',
    'StringNGrams',
    'StringSplit',
    'StringToHashBucketFast',
    'Unique',
    'UpperBound',
  ],
]);

/** Inputs that a gradient of tfjs mentions and that are no numbers to differentiate in, or do not matter but for their shape. */
export const withoutDerivative: ReadonlySet<string> = new Set([
  ...['AvgPoolGrad.input', 'AvgPool3DGrad.input', 'OneHot.indices', 'Select.condition'],
  ...['ResizeBilinearGrad.images'],
]);

const padded = Object.keys(goldens).filter((name) => /2d, padded|Pool, padded/.test(name));

/** Cases that a backend computes wrong from the start, or that tfjs does not compute or train there. */
export const notOn: Readonly<Record<TestedBackend, readonly string[]>> = {
  cpu: [],
  wasm: ['gather by batches', 'gather by batches along 2'],
  tensorflow: padded,
};
