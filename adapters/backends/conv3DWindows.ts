import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Windows } from './windows.js';
import { windowsOf } from './windowsOf.js';

/** The windows of a convolution in three dimensions, the forward one where a kernel computes its gradient. */
export function conv3DWindows(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): Windows {
  const { strides, dilations, pad } = attrs as unknown as Attributes;
  const shapes = [inputShape as Shape5D, filterShape as Shape5D] as const;
  return windowsOf(backend_util.computeConv3DInfo(...shapes, strides, dilations ?? 1, pad));
}

type Shape5D = [number, number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number, number];
  readonly dilations?: number | [number, number, number];
  readonly pad: 'same' | 'valid';
}
