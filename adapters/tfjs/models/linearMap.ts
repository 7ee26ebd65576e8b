import { add, addN, eye, matMul, mul, pad, reshape, sum, type Tensor, unstack } from '@tensorflow/tfjs-core';
import type { DataFormat } from './linearLayer.js';

/**
 * An affine map of channels, applied everywhere: y = K ∗ x + b.
 *
 * A matrix has no axes of space, and no entries in the lists by axis; it goes with convolutions of any rank.
 */
export interface LinearMap {
  /** The class of a layer that computes it; none for a scale of each channel, which goes with all. */
  readonly className: string | undefined;
  readonly dataFormat: DataFormat;
  readonly channels: readonly [before: number, after: number];
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  /** Whether zeros are put around x, so that as many places come out as go in, or one for each stride. */
  readonly padded: boolean;
  readonly biased: boolean;
  /** The kernel `[...kernelSize, before, after]`, or `[channels]` for a diagonal matrix; tensors of the caller's tidy. */
  weights(): { readonly kernel: Tensor; readonly bias?: Tensor | undefined };
}

const isPointwise = ({ kernelSize }: LinearMap): boolean => kernelSize.every((size) => size === 1);
const isUnstrided = ({ strides }: LinearMap): boolean => strides.every((stride) => stride === 1);
const isUndilated = ({ dilationRate }: LinearMap): boolean => dilationRate.every((rate) => rate === 1);

/**
 * One map that is first `inner`, then `outer`, if there is one: K = Σ_a shift(K₁ K₂[a], a), b = b₂ + b₁ Σ_a K₂[a].
 *
 * There is none where zeros are put around what `inner` makes, for b₁ is not 0 there; where `inner` is padded, unless `outer`
 * looks at one place at a time and leaves out none; and where strides or dilations would leave holes in the kernel.
 */
export function composed(inner: LinearMap, outer: LinearMap): LinearMap | undefined {
  const shape = composedShape(inner, outer);
  return (
    shape && {
      ...shape,
      className: outer.className ?? inner.className,
      dataFormat: outer.dataFormat,
      channels: [inner.channels[0], outer.channels[1]],
      biased: inner.biased || outer.biased,
      weights() {
        const [first, second] = [inner.weights(), outer.weights()];
        const carried =
          first.bias && reshape(times(reshape(first.bias, [1, -1]), summedOverSpace(second.kernel)), [-1]);
        return {
          kernel: convolved(first.kernel, second.kernel),
          bias: carried && second.bias ? add(carried, second.bias) : (carried ?? second.bias),
        };
      },
    }
  );
}

/** What a map does with places. */
type Shape = Pick<LinearMap, 'kernelSize' | 'strides' | 'dilationRate' | 'padded'>;

function composedShape(inner: LinearMap, outer: LinearMap): Shape | undefined {
  const mixed = inner.className && outer.className && inner.className !== outer.className;
  if (mixed || inner.dataFormat !== outer.dataFormat || outer.padded) return undefined;
  if (inner.kernelSize.length === 0) return outer;
  if (outer.kernelSize.length === 0) return inner;
  if (isPointwise(outer)) {
    if (inner.padded && !isUnstrided(outer)) return undefined;
    return { ...inner, strides: inner.strides.map((stride, i) => stride * outer.strides[i]!) };
  }
  if (inner.padded || !isUnstrided(inner)) return undefined;
  if (isPointwise(inner)) return outer;
  if (!isUndilated(inner) || !isUndilated(outer)) return undefined;
  return { ...outer, kernelSize: outer.kernelSize.map((size, i) => size + inner.kernelSize[i]! - 1) };
}

/** The map x ↦ x + f(x), if there is one: f must keep channels and places. */
export function plusIdentity(map: LinearMap): LinearMap | undefined {
  if (map.className === undefined || map.channels[0] !== map.channels[1] || !keepsPlaces(map)) return undefined;
  return {
    ...map,
    weights() {
      const { kernel, bias } = map.weights();
      return { kernel: add(kernel, identityKernel(map)), bias };
    },
  };
}

/** Whether a place comes out for each that goes in, and the kernel has it in its middle. */
export function keepsPlaces({ kernelSize, strides, dilationRate, padded }: Shape): boolean {
  const centred = (size: number, i: number): boolean => padded && (size % 2 === 1 || dilationRate[i] === 1);
  return strides.every((stride) => stride === 1) && kernelSize.every((size, i) => size === 1 || centred(size, i));
}

/** The kernel of x ↦ x. Of an even number of places the one before the middle, as tfjs pads. */
export function identityKernel({ kernelSize, channels }: Pick<LinearMap, 'kernelSize' | 'channels'>): Tensor {
  const matrix = reshape(eye(channels[0]), [...kernelSize.map(() => 1), ...channels]);
  const before = kernelSize.map((size) => Math.floor((size - 1) / 2));
  return spread(matrix, before, kernelSize);
}

/** A kernel among zeros: `before` of them in front, along each axis, so many in all that it is as large as said. */
function spread(kernel: Tensor, before: readonly number[], kernelSize: readonly number[]): Tensor {
  const around = before.map((count, i): [number, number] => [count, kernelSize[i]! - count - kernel.shape[i]!]);
  return pad(kernel, [...around, [0, 0], [0, 0]]);
}

function convolved(inner: Tensor, outer: Tensor): Tensor {
  const taps = outer.shape.slice(0, -2);
  if (taps.length === 0) return times(inner, outer);
  const size = taps.map((count, i) => count + (inner.rank > 2 ? inner.shape[i]! : 1) - 1);
  const matrices = unstack(reshape(outer, [-1, ...outer.shape.slice(-2)]));
  const shifted = matrices.map((matrix, tap) => {
    const product = times(inner, matrix);
    const kernel = inner.rank > 2 ? product : reshape(product, [...taps.map(() => 1), ...product.shape]);
    return spread(kernel, placeOfTap(tap, taps), size);
  });
  return addN(shifted);
}

/** The place of a tap along each axis, of taps counted row by row. */
function placeOfTap(tap: number, taps: readonly number[]): number[] {
  let rest = tap;
  return taps
    .toReversed()
    .map((count) => {
      const place = rest % count;
      rest = (rest - place) / count;
      return place;
    })
    .toReversed();
}

/** `[..., before, between]` times `[between, after]`; of rank 1 is a diagonal matrix. */
function times(kernel: Tensor, matrix: Tensor): Tensor {
  if (matrix.rank === 1) return mul(kernel, matrix);
  if (kernel.rank === 1) return mul(reshape(kernel, [-1, 1]), matrix);
  const [between, after] = matrix.shape as [number, number];
  const product = matMul(reshape(kernel, [-1, between]) as Tensor, matrix);
  return reshape(product, [...kernel.shape.slice(0, -1), after]);
}

const summedOverSpace = (kernel: Tensor): Tensor =>
  kernel.rank > 2 ? sum(kernel, [...kernel.shape.keys()].slice(0, -2)) : kernel;
