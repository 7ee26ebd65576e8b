import type { backend_util } from '@tensorflow/tfjs-core';
import type { Windows } from './windows.js';

type Conv3DInfo = ReturnType<typeof backend_util.computeConv3DInfo>;

/** The windows of a convolution or pooling, from the geometry that tfjs computes for it. */
export function windowsOf(info: backend_util.Conv2DInfo | Conv3DInfo): Windows {
  return 'inDepth' in info ? inSpace(info) : inPlane(info);
}

const inPlane = (info: backend_util.Conv2DInfo): Windows => ({
  batch: info.batchSize,
  input: [1, info.inHeight, info.inWidth],
  output: [1, info.outHeight, info.outWidth],
  window: [1, info.filterHeight, info.filterWidth],
  strides: [1, info.strideHeight, info.strideWidth],
  dilations: [1, info.dilationHeight, info.dilationWidth],
  before: [0, info.padInfo.top, info.padInfo.left],
});

/** In three dimensions tfjs lets the padding of 'same' fall below 0, where a stride is longer than its window. */
const inSpace = ({ padInfo, ...info }: Conv3DInfo): Windows => ({
  batch: info.batchSize,
  input: [info.inDepth, info.inHeight, info.inWidth],
  output: [info.outDepth, info.outHeight, info.outWidth],
  window: [info.filterDepth, info.filterHeight, info.filterWidth],
  strides: [info.strideDepth, info.strideHeight, info.strideWidth],
  dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
  before: [Math.max(0, padInfo.front), Math.max(0, padInfo.top), Math.max(0, padInfo.left)],
});
