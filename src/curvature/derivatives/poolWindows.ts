import { backend_util } from '@tensorflow/tfjs-core';

/** How a pooling in two or three dimensions cuts `[batch, ...sides, channels]`; one number for each side. */
export interface PoolWindows {
  readonly sides: readonly number[];
  readonly out: readonly number[];
  readonly filter: readonly number[];
  readonly strides: readonly number[];
  /** Padding in front of and behind each side. */
  readonly padding: readonly (readonly [number, number])[];
}

interface Attributes<Side> {
  readonly filterSize: number | Side;
  readonly strides: number | Side;
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The windows of the kernels `MaxPool`, `AvgPool`, and those in three dimensions, on an input of this shape. */
export function poolWindows(shape: readonly number[], attrs: object): PoolWindows {
  return shape.length === 5 ? inSpace(shape as Shape5D, attrs) : inPlane(shape as Shape4D, attrs);
}

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

function inPlane(shape: Shape4D, attrs: object): PoolWindows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as Attributes<[number, number]>;
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  return {
    sides: [info.inHeight, info.inWidth],
    out: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    padding: [
      [top, bottom],
      [left, right],
    ],
  };
}

function inSpace(shape: Shape5D, attrs: object): PoolWindows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as Attributes<[number, number, number]>;
  const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { front, back, top, bottom, left, right } = info.padInfo;
  return {
    sides: [info.inDepth, info.inHeight, info.inWidth],
    out: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    padding: [
      [front, back],
      [top, bottom],
      [left, right],
    ],
  };
}

/** Where the windows begin and end along one side, the padding cut off. */
export function extents(windows: PoolWindows, axis: number): (readonly [number, number])[] {
  const begin = (i: number): number => i * windows.strides[axis]! - windows.padding[axis]![0];
  return Array.from({ length: windows.out[axis]! }, (_, i) => [
    Math.max(begin(i), 0),
    Math.min(begin(i) + windows.filter[axis]!, windows.sides[axis]!),
  ]);
}
