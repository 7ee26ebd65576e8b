import { add, addN, eye, matMul, mul, pad, reshape, sum, type Tensor, unstack, util } from '@tensorflow/tfjs-core';
import type { DataFormat, LinearLayer } from './linearLayer.js';
import { composedSpace, keepsPlaces, middleOf, type Space } from './space.js';

/** An affine map of channels, the same at every place: y = K ∗ x + b. */
export interface LinearMap {
  /** A layer that computes maps of this kind; none for a scale of each channel, which goes with every kind. */
  readonly like: LinearLayer | undefined;
  readonly dataFormat: DataFormat;
  readonly channels: readonly [before: number, after: number];
  readonly space: Space;
  readonly biased: boolean;
  /** The kernel `[...kernelSize, before, after]`, or `[channels]` for a diagonal matrix; tensors of the caller's tidy. */
  weights(): { readonly kernel: Tensor; readonly bias?: Tensor | undefined };
}

/**
 * One map that is first `inner`, then `outer`, if there is one: K = Σ_a shift(K₁ K₂[a], a), b = b₂ + b₁ Σ_a K₂[a].
 *
 * That of the biases is why nothing may be padded in between: b₁ is not 0 there.
 */
export function composed(inner: LinearMap, outer: LinearMap): LinearMap | undefined {
  const [a, b] = [inner.like?.getClassName(), outer.like?.getClassName()];
  if ((a && b && a !== b) || inner.dataFormat !== outer.dataFormat) return undefined;
  const space = composedSpace(inner.space, outer.space);
  return (
    space && {
      like: outer.like ?? inner.like,
      dataFormat: outer.dataFormat,
      channels: [inner.channels[0], outer.channels[1]],
      space,
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

/** The map x ↦ x + f(x), if there is one of its kind: f must keep channels and places. */
export function plusIdentity(map: LinearMap): LinearMap | undefined {
  const { like, channels, space } = map;
  if (!like || channels[0] !== channels[1] || !keepsPlaces(space)) return undefined;
  return {
    ...map,
    weights() {
      const { kernel, bias } = map.weights();
      return { kernel: add(kernel, identityKernel(channels[0], space)), bias };
    },
  };
}

/** The kernel of x ↦ x. */
export function identityKernel(channels: number, space: Space): Tensor {
  const matrix = reshape(eye(channels), [...space.kernelSize.map(() => 1), channels, channels]);
  return spread(matrix, middleOf(space), space.kernelSize);
}

/** A kernel among zeros, `before` of them in front along each axis, and as large as `kernelSize`. */
function spread(kernel: Tensor, before: readonly number[], kernelSize: readonly number[]): Tensor {
  const around = before.map((count, i): [number, number] => [count, kernelSize[i]! - count - kernel.shape[i]!]);
  return pad(kernel, [...around, [0, 0], [0, 0]]);
}

function convolved(inner: Tensor, outer: Tensor): Tensor {
  const taps = outer.shape.slice(0, -2);
  if (taps.length === 0) return times(inner, outer);
  const one = taps.map(() => 1);
  const size = taps.map((count, i) => count + (inner.rank > 2 ? inner.shape[i]! : 1) - 1);
  const shifted = unstack(reshape(outer, [-1, ...outer.shape.slice(-2)])).map((matrix, tap) => {
    const product = times(inner, matrix);
    return spread(
      inner.rank > 2 ? product : reshape(product, [...one, ...product.shape]),
      util.indexToLoc(tap, taps.length, util.computeStrides(taps)),
      size,
    );
  });
  return addN(shifted);
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
