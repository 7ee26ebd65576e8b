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

interface Attributes {
  readonly filterSize: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The windows of the kernels `MaxPool`, `AvgPool`, and those in three dimensions, on an input of this shape. */
export function poolWindows(shape: readonly number[], attrs: object): PoolWindows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as Attributes;
  const inSpace = shape.length === 5;
  const compute = (inSpace ? backend_util.computePool3DInfo : backend_util.computePool2DInfo) as ComputeInfo;
  return windowsOf(compute(shape, filterSize, strides, 1, pad, dimRoundingMode), inSpace ? SIDES : SIDES.slice(1));
}

/** The same from what tfjs computes of a pooling, or of a convolution. */
export function windowsOf(info: object, sides: readonly Side[] = SIDES): PoolWindows {
  const { padInfo, ...sizes } = info as WindowInfo;
  const along = (what: string): number[] => sides.map(([side]) => sizes[`${what}${side}`]!);
  return {
    sides: along('in'),
    out: along('out'),
    filter: along('filter'),
    strides: along('stride'),
    padding: sides.map(([, before, behind]) => [padInfo[before]!, padInfo[behind]!]),
  };
}

/** What tfjs calls the sides of an image, and their ends. */
type Side = readonly [side: string, before: string, behind: string];
const SIDES: readonly Side[] = [
  ['Depth', 'front', 'back'],
  ['Height', 'top', 'bottom'],
  ['Width', 'left', 'right'],
];

/** `inDepth`, `outDepth`, `filterDepth`, `strideDepth`, and so for each side. */
type WindowInfo = Readonly<Record<string, number>> & { readonly padInfo: Readonly<Record<string, number>> };
type ComputeInfo = (shape: readonly number[], ...settings: readonly unknown[]) => object;

/** Where the windows begin and end along one side, the padding cut off. */
export function extents(windows: PoolWindows, axis: number): (readonly [number, number])[] {
  const begin = (i: number): number => i * windows.strides[axis]! - windows.padding[axis]![0];
  return Array.from({ length: windows.out[axis]! }, (_, i) => [
    Math.max(begin(i), 0),
    Math.min(begin(i) + windows.filter[axis]!, windows.sides[axis]!),
  ]);
}
