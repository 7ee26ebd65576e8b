import {
  add,
  cast,
  EluGrad,
  equal,
  type GradConfig,
  greater,
  greaterEqual,
  lessEqual,
  log,
  mul,
  onesLike,
  Pow,
  pow,
  Relu,
  Relu6,
  Selu,
  SquaredDifference,
  step,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { inPlaceOf } from './inPlaceOf.js';
import { sumTo } from './sumTo.js';

/**
 * Operations on single elements whose derivative tfjs 4.22 lacks, has wrong, cannot differentiate again everywhere, or
 * computes anew at every walk.
 */
export const elementaryDerivatives: readonly GradConfig[] = [
  {
    // EluGrad(dy, y) = dy · (y ≥ 0 ? 1 : y + 1).
    kernelName: EluGrad,
    inputsToSave: ['dy', 'y'],
    gradFunc: (d, [dy, y]) => {
      const linear = greaterEqual(y!, 0);
      return {
        dy: () => where(linear, d as Tensor, mul(d as Tensor, add(y!, 1))),
        y: () => where(linear, zerosLike(y!), mul(d as Tensor, dy!)),
      };
    },
  },
  {
    kernelName: Relu,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({
      x: () =>
        mul(
          dy as Tensor,
          inPlaceOf(saved, (x) => step(x)),
        ),
    }),
  },
  {
    kernelName: Relu6,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({
      x: () =>
        mul(
          dy as Tensor,
          inPlaceOf(saved, (x) => mul(lessEqual(x, 6), step(x))),
        ),
    }),
  },
  {
    // By its value: e^x, as tfjs has it, overflows on the other branch, and 0 · ∞ is NaN one derivative on.
    kernelName: Selu,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y]) => ({
      x: () => where(greater(x!, 0), mul(dy as Tensor, SCALE), mul(dy as Tensor, add(y!, SCALE_ALPHA))),
    }),
  },
  {
    // On the branches not taken, a^(b - 1) and log a are infinite at a = 0, and 0 · ∞ is NaN one derivative on.
    kernelName: Pow,
    inputsToSave: ['a', 'b'],
    outputsToSave: [true],
    gradFunc: (dy, [a, b, y]) => ({
      a: () => {
        const exponent = cast(b!, 'float32');
        const less = where(equal(exponent, 0), exponent, sub(exponent, 1));
        return sumTo(mul(dy as Tensor, mul(exponent, pow(a!, less))), a!.shape);
      },
      b: () => sumTo(mul(dy as Tensor, mul(y!, log(where(greater(a!, 0), a!, onesLike(a!))))), b!.shape),
    }),
  },
  {
    // tfjs sums nothing back to an operand that was broadcast.
    kernelName: SquaredDifference,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumTo(mul(dy as Tensor, mul(sub(a!, b!), 2)), a!.shape),
      b: () => sumTo(mul(dy as Tensor, mul(sub(b!, a!), 2)), b!.shape),
    }),
  },
];

/** Of Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv 1706.02515. */
const SCALE = 1.0507009873554805;
const SCALE_ALPHA = 1.7580993408473768;
