import * as tf from '@tensorflow/tfjs-core';
import type { Cases, F } from './cases.js';

type Pad = Parameters<typeof tf.conv2d>[3];
type Sides = [number, number];

/** Convolutions, pooling, resizing, normalization, and fused layers. */
export const windows: Cases = {
  ...convolutions('valid', 1, 'valid'),
  ...convolutions('same', 1, 'same'),
  ...convolutions('same, strides of 2', 2, 'same'),
  ...convolutions('valid, strides of 2 and 1', [2, 1], 'valid'),
  ...convolutions('padded by 1', 1, 1),
  ...convolutions('padded unevenly', 1, [
    [0, 0],
    [1, 0],
    [0, 2],
    [0, 0],
  ]),
  ...convolutions('of one', 1, 'valid'),
  conv1d: (x, f) => tf.conv1d(x as tf.Tensor3D, f as tf.Tensor3D, 1, 'same'),
  separableConv2d: (x, f, g) => tf.separableConv2d(x as tf.Tensor4D, f as tf.Tensor4D, g as tf.Tensor4D, 1, 'same'),
  conv2dTranspose: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [2, 4, 4, 2], 2, 'same'),
  'conv3d, valid': conv3d(1, 'valid'),
  'conv3d, same': conv3d(1, 'same'),
  'conv3d, same, strides of 2': conv3d(2, 'same'),
  'conv3d, valid, strides of 2 and 1': conv3d([2, 1, 1], 'valid'),
  'the adjoint of conv3d in its filter': (x, dy) => {
    const attrs = { strides: 2, pad: 'same', filterShape: [2, 3, 2, 2, 1] };
    return tf.engine().runKernel(tf.Conv3DBackpropFilterV2, { x: x!, dy: dy! }, attrs) as tf.Tensor;
  },
  conv3dTranspose: (x, f) => tf.conv3dTranspose(x as tf.Tensor5D, f as tf.Tensor5D, [2, 4, 4, 4, 1], 2, 'same'),
  ...pooling('valid', 2, 2, 'valid'),
  ...pooling('valid, overlapping', [3, 2], 1, 'valid'),
  ...pooling('same, overlapping', 3, 2, 'same'),
  ...pooling('same, strides of 2 and 1', [2, 3], [2, 1], 'same'),
  ...pooling('same, stride above the window', 2, 3, 'same'),
  ...pooling('padded by 1', 3, 2, 1),
  'maxPool of negatives': (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
  ...poolingInSpace('valid', 2, 2, 'valid'),
  ...poolingInSpace('same, overlapping', [3, 2, 2], 1, 'same'),
  ...poolingInSpace('same, strides of 2', [3, 3, 2], 2, 'same'),
  ...resizing('', false, false),
  ...resizing(', corners aligned', true, false),
  ...resizing(', half pixel centres', false, true),
  batchNorm,
  'batchNorm of images': batchNorm,
  'batchNorm, element by element': batchNorm,
  'batchNorm, plain': batchNorm,
  localResponseNormalization: (x) => tf.localResponseNormalization(x as tf.Tensor4D, 1, 1, 0.5, 0.75),
  'localResponseNormalization, wide': (x) => tf.localResponseNormalization(x as tf.Tensor4D, 5, 2, 1, 0.5),
  ...fused('linear'),
  ...fused('relu'),
  ...fused('relu6'),
  ...fused('elu'),
  ...fused('sigmoid'),
  ...fused('leakyrelu'),
  'fused matMul, prelu': (a, b, bias, alpha) =>
    tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'prelu', preluActivationWeights: alpha! }),
  'fused depthwiseConv2d, linear': fusedDepthwise('linear'),
  'fused depthwiseConv2d, relu': fusedDepthwise('relu'),
};

function convolutions(name: string, strides: number | Sides, pad: Pad): Cases {
  return {
    [`conv2d, ${name}`]: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad),
    [`depthwiseConv2d, ${name}`]: (x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad),
  };
}

function conv3d(strides: number | [number, number, number], pad: 'same' | 'valid'): F {
  return (x, f) => tf.conv3d(x as tf.Tensor5D, f as tf.Tensor5D, strides, pad);
}

function pooling(name: string, size: number | Sides, strides: number | Sides, pad: 'same' | 'valid' | number): Cases {
  return {
    [`maxPool, ${name}`]: (x) => tf.maxPool(x as tf.Tensor4D, size, strides, pad),
    [`avgPool, ${name}`]: (x) => tf.avgPool(x as tf.Tensor4D, size, strides, pad),
  };
}

function poolingInSpace(
  name: string,
  size: number | [number, number, number],
  strides: number,
  pad: 'same' | 'valid',
): Cases {
  return {
    [`maxPool3d, ${name}`]: (x) => tf.maxPool3d(x as tf.Tensor5D, size, strides, pad),
    [`avgPool3d, ${name}`]: (x) => tf.avgPool3d(x as tf.Tensor5D, size, strides, pad),
  };
}

function resizing(flags: string, alignCorners: boolean, halfPixelCenters: boolean): Cases {
  const sizes: Sides[] = [
    [5, 4],
    [2, 2],
  ];
  return Object.fromEntries(
    sizes.flatMap((size) =>
      (
        [
          ['resizeBilinear', tf.image.resizeBilinear],
          ['resizeNearestNeighbor', tf.image.resizeNearestNeighbor],
        ] as const
      ).map(([name, resize]): [string, F] => [
        `${name} to ${size[0]} × ${size[1]}${flags}`,
        (x) => resize(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
      ]),
    ),
  );
}

function batchNorm(...[x, mean, variance, offset, scale]: tf.Tensor[]): tf.Tensor {
  return tf.batchNorm(
    x!,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    offset as tf.Tensor1D,
    scale as tf.Tensor1D,
    1e-3,
  );
}

function fused(activation: 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu'): Cases {
  return {
    [`fused matMul, ${activation}`]: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
    [`fused conv2d, ${activation}`]: (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, bias: bias! },
        ...{ strides: 1, pad: 'same', activation },
      }),
  };
}

function fusedDepthwise(activation: 'linear' | 'relu'): F {
  return (x, filter, bias) =>
    tf.fused.depthwiseConv2d({
      ...{ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, bias: bias! },
      ...{ strides: 1, pad: 'same', activation },
    });
}
