import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { explicitPad, type Pad } from './explicitPad.js';
import type { Windows } from './windows.js';
import { windowsOf } from './windowsOf.js';

/** The windows of a pooling over `[batch, height, width, channels]` or `[batch, depth, height, width, channels]`. */
export function poolWindows(shape: readonly number[], attrs: NamedAttrMap): Windows {
  return shape.length === 5 ? inSpace(shape as Shape5D, attrs) : inPlane(shape as Shape4D, attrs);
}

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

interface Attributes<Side, Padding> {
  readonly filterSize: number | Side;
  readonly strides: number | Side;
  readonly pad: Padding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function inPlane(shape: Shape4D, attrs: NamedAttrMap): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes<[number, number], Pad>;
  return windowsOf(backend_util.computePool2DInfo(shape, filterSize, strides, 1, explicitPad(pad), dimRoundingMode));
}

function inSpace(shape: Shape5D, attrs: NamedAttrMap): Windows {
  type InSpace = Attributes<[number, number, number], 'same' | 'valid' | number>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as InSpace;
  return windowsOf(backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
}
