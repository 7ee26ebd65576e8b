import type { LinearLayer } from './linearLayer.js';

/** How a convolution lies in space: an entry for each axis, and none for a matrix, which is everywhere the same. */
export interface Space {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  /** Whether zeros are put around what goes in, so that as many places come out, or one for each stride. */
  readonly padded: boolean;
}

/** What looks at each place alone, and keeps all. */
export const nowhere: Space = { kernelSize: [], strides: [], dilationRate: [], padded: false };

export function spaceOf({ kernelSize, strides, dilationRate, padding }: LinearLayer): Space {
  if (!kernelSize) return nowhere;
  const padded = padding !== 'valid' && kernelSize.some((size) => size > 1);
  return { kernelSize, strides: strides!, dilationRate: dilationRate!, padded };
}

/** As the configuration of a layer has it. */
export const configOf = ({ padded, ...space }: Space): Record<string, unknown> =>
  space.kernelSize.length > 0 ? { ...space, padding: padded ? 'same' : 'valid' } : {};

/**
 * How `inner` and then `outer` lie together, if that is how one convolution can.
 *
 * None can where zeros are put around what `inner` makes; where `inner` is padded, unless `outer` looks at each place alone and
 * keeps all; and where strides or dilation would leave holes in the kernel.
 */
export function composedSpace(inner: Space, outer: Space): Space | undefined {
  if (outer.padded) return undefined;
  if (inner.kernelSize.length === 0) return outer;
  if (outer.kernelSize.length === 0) return inner;
  if (ones(outer.kernelSize)) {
    if (inner.padded && !ones(outer.strides)) return undefined;
    return { ...inner, strides: inner.strides.map((stride, i) => stride * outer.strides[i]!) };
  }
  if (inner.padded || !ones(inner.strides)) return undefined;
  if (ones(inner.kernelSize)) return outer;
  if (!ones(inner.dilationRate) || !ones(outer.dilationRate)) return undefined;
  return { ...outer, kernelSize: outer.kernelSize.map((size, i) => size + inner.kernelSize[i]! - 1) };
}

/** Whether a place comes out for each that goes in, and the kernel has that in its middle. */
export function keepsPlaces(space: Space): boolean {
  const { kernelSize, dilationRate, padded } = space;
  const centred = (size: number, i: number): boolean => padded && (size % 2 === 1 || dilationRate[i] === 1);
  return ones(space.strides) && kernelSize.every((size, i) => size === 1 || centred(size, i));
}

/** The weight of a kernel that is on the place that comes out: of an even number that before the middle, as tfjs pads. */
export const middleOf = ({ kernelSize }: Space): number[] => kernelSize.map((size) => Math.floor((size - 1) / 2));

const ones = (sizes: readonly number[]): boolean => sizes.every((size) => size === 1);
