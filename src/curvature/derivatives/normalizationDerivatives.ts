import {
  add,
  clone,
  FusedBatchNorm,
  type GradConfig,
  LRN,
  matMul,
  mul,
  neg,
  pow,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { sumTo } from './sumTo.js';

/** Normalizations, taken apart into operations that have derivatives of every order. */
export const normalizationDerivatives: readonly GradConfig[] = [
  {
    // tfjs 4.22 tiles the statistics to the size of x.
    kernelName: FusedBatchNorm,
    inputsToSave: ['x', 'mean', 'variance', 'scale'],
    gradFunc: (d, [x, mean, variance, scale], attrs) => {
      const dy = d as Tensor;
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
    },
  },
  {
    // y = x N^-β, N = bias + α Σ x² over the neighbouring channels.
    kernelName: LRN,
    inputsToSave: ['x'],
    gradFunc: (d, [x], attrs) => {
      const dy = d as Tensor;
      const { depthRadius, bias, alpha, beta } = attrs as unknown as LrnSettings;
      return {
        x: () => {
          const around = neighbours(depthRadius, x!.shape.at(-1)!);
          const norms = add(mul(sumOver(around, square(x!)), alpha), bias);
          const through = sumOver(around, mul(mul(dy, x!), pow(norms, -beta - 1)));
          return sub(mul(dy, pow(norms, -beta)), mul(mul(x!, through), 2 * alpha * beta));
        },
      };
    },
  },
];

interface LrnSettings {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Ones for each pair of channels at most `radius` apart. */
function neighbours(radius: number, channels: number): Tensor {
  const near = Array.from(
    { length: channels ** 2 },
    (_, i) => Math.abs(Math.floor(i / channels) - (i % channels)) <= radius,
  );
  return tensor2d(Float32Array.from(near, Number), [channels, channels]);
}

const sumOver = (around: Tensor, t: Tensor): Tensor =>
  reshape(matMul(reshape(t, [-1, around.shape[0]!]), around), t.shape);
