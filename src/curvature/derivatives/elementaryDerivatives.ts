import {
  add,
  cast,
  equal,
  type GradConfig,
  greater,
  greaterEqual,
  lessEqual,
  log,
  mul,
  onesLike,
  pow,
  step,
  sub,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { inPlaceOf } from './inPlaceOf.js';
import { sumTo } from './sumTo.js';

/**
 * Operations on single elements whose derivative tfjs 4.22 lacks, has wrong, cannot differentiate again everywhere, or
 * computes anew at every walk.
 */
export const elementaryDerivatives: readonly GradConfig[] = [
  // EluGrad(dy, y) = dy · (y ≥ 0 ? 1 : y + 1).
  derivative('EluGrad', ['dy', 'y'], (d, [dy, y]) => {
    const linear = greaterEqual(y!, 0);
    return {
      dy: () => where(linear, d, mul(d, add(y!, 1))),
      y: () => where(linear, zerosLike(y!), mul(d, dy!)),
    };
  }),
  derivative('Relu', ['x'], (dy, saved) => ({
    x: () =>
      mul(
        dy,
        inPlaceOf(saved, (x) => step(x)),
      ),
  })),
  derivative('Relu6', ['x'], (dy, saved) => ({
    x: () =>
      mul(
        dy,
        inPlaceOf(saved, (x) => mul(lessEqual(x, 6), step(x))),
      ),
  })),
  // By its value: e^x, as tfjs has it, overflows on the other branch, and 0 · ∞ is NaN one derivative on.
  derivative(
    'Selu',
    ['x'],
    (dy, [x, y]) => ({
      x: () => where(greater(x!, 0), mul(dy, SCALE), mul(dy, add(y!, SCALE_ALPHA))),
    }),
    true,
  ),
  // On the branches not taken, a^(b - 1) and log a are infinite at a = 0, and 0 · ∞ is NaN one derivative on.
  derivative(
    'Pow',
    ['a', 'b'],
    (dy, [a, b, y]) => ({
      a: () => {
        const exponent = cast(b!, 'float32');
        const less = where(equal(exponent, 0), exponent, sub(exponent, 1));
        return sumTo(mul(dy, mul(exponent, pow(a!, less))), a!.shape);
      },
      b: () => sumTo(mul(dy, mul(y!, log(where(greater(a!, 0), a!, onesLike(a!))))), b!.shape),
    }),
    true,
  ),
  // tfjs sums nothing back to an operand that was broadcast.
  derivative('SquaredDifference', ['a', 'b'], (dy, [a, b]) => ({
    a: () => sumTo(mul(dy, mul(sub(a!, b!), 2)), a!.shape),
    b: () => sumTo(mul(dy, mul(sub(b!, a!), 2)), b!.shape),
  })),
];

/** Of Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv 1706.02515. */
const SCALE = 1.0507009873554805;
const SCALE_ALPHA = 1.7580993408473768;
