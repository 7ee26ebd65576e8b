import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { explicitPad, type Pad } from './explicitPad.js';
import type { Windows } from './windows.js';
import { windowsOf } from './windowsOf.js';

/** The windows of the forward depthwise convolution whose gradient a kernel computes. */
export function depthwiseWindows(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): Windows {
  const { strides, dilations, pad, dimRoundingMode } = attrs as unknown as Attributes;
  const shapes = [inputShape as Shape4D, filterShape as Shape4D] as const;
  const depthwise = true;
  return windowsOf(
    backend_util.computeConv2DInfo(...shapes, strides, dilations ?? 1, explicitPad(pad), dimRoundingMode, depthwise),
  );
}

type Shape4D = [number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: Pad;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
