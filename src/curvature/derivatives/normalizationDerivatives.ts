import {
  abs,
  add,
  cast,
  clone,
  type GradConfig,
  lessEqual,
  matMul,
  mul,
  neg,
  pow,
  range,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { sumTo } from './sumTo.js';

/** Normalizations, taken apart into operations that have derivatives of every order. */
export const normalizationDerivatives: readonly GradConfig[] = [
  // tfjs 4.22 tiles the statistics to the size of x.
  derivative('FusedBatchNorm', ['x', 'mean', 'variance', 'scale'], (dy, [x, mean, variance, scale], attrs) => {
    const { varianceEpsilon } = attrs as unknown as { varianceEpsilon: number };
    const inverse = rsqrt(add(variance!, varianceEpsilon));
    const factor = scale ? mul(inverse, scale) : inverse;
    const along = (): Tensor => sumTo(mul(dy, sub(x!, mean!)), factor.shape);
    return {
      x: () => mul(dy, factor),
      mean: () => neg(sumTo(mul(dy, factor), mean!.shape)),
      variance: () => sumTo(mul(along(), mul(mul(factor, square(inverse)), -0.5)), variance!.shape),
      scale: () => sumTo(mul(along(), inverse), scale!.shape),
      offset: () => sumTo(clone(dy), mean!.shape),
    };
  }),
  // y = x N^-β, N = bias + α Σ x² over the neighbouring channels.
  derivative('LRN', ['x'], (dy, [x], attrs) => {
    const { depthRadius, bias, alpha, beta } = attrs as unknown as LrnSettings;
    return {
      x: () => {
        const around = neighbours(depthRadius, x!.shape.at(-1)!);
        const norms = add(mul(sumOver(around, square(x!)), alpha), bias);
        const through = sumOver(around, mul(mul(dy, x!), pow(norms, -beta - 1)));
        return sub(mul(dy, pow(norms, -beta)), mul(mul(x!, through), 2 * alpha * beta));
      },
    };
  }),
];

interface LrnSettings {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Ones for each pair of channels at most `radius` apart. */
function neighbours(radius: number, channels: number): Tensor {
  const channel = range(0, channels);
  const apart = abs(sub(reshape(channel, [channels, 1]), channel));
  return cast(lessEqual(apart, radius), 'float32');
}

const sumOver = (around: Tensor, t: Tensor): Tensor =>
  reshape(matMul(reshape(t, [-1, around.shape[0]!]), around), t.shape);
