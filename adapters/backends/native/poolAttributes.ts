import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend, OpAttribute } from './nodeBackend.js';

/** How tfjs says that images are pooled. */
export interface PoolAttrs {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
}

/** Windows on images `[batch, height, width, channels]`, as numbers and as TensorFlow is told of them. */
export interface Pool {
  readonly windows: backend_util.Conv2DInfo;
  readonly attributes: readonly OpAttribute[];
}

/** @throws Error if the padding is neither 'same' nor 'valid', naming the kernel: TensorFlow pools with no other. */
export function poolAttributes(
  node: NodeBackend,
  kernel: string,
  { shape, dtype }: TensorInfo,
  attrs: PoolAttrs,
): Pool {
  const { TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
  const { filterSize, strides, pad } = attrs;
  const windows = backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad);
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = windows;
  if (padInfo.type !== 'VALID' && padInfo.type !== 'SAME')
    throw new Error(`${kernel} on tensorflow takes pad 'same' or 'valid', got ${JSON.stringify(pad)}`);
  return {
    windows,
    attributes: [
      { name: 'T', type: TF_ATTR_TYPE, value: dtype === 'float32' ? TF_FLOAT : TF_INT32 },
      { name: 'ksize', type: TF_ATTR_INT, value: [1, filterHeight, filterWidth, 1] },
      { name: 'strides', type: TF_ATTR_INT, value: [1, strideHeight, strideWidth, 1] },
      { name: 'padding', type: TF_ATTR_STRING, value: padInfo.type },
    ],
  };
}

type Shape4D = [number, number, number, number];
