import { add, erf, exp, mul, square, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../core/checkNumber.js';

/** GELU of steepness β and its first two derivatives in closed form, with Φ and φ the normal distribution and its density. */
export interface Gelu {
  /** x Φ(βx) */
  value(x: Tensor): Tensor;
  /** Φ(βx) + βx φ(βx) */
  slope(x: Tensor): Tensor;
  /** β (2 − β²x²) φ(βx) */
  bend(x: Tensor): Tensor;
}

/** @throws RangeError, in the name of `who`, unless β is positive and finite. */
export function gelu(who: string, beta: number): Gelu {
  checkPositive(`${who}: beta`, beta);
  const distribution = (x: Tensor): Tensor => mul(0.5, add(1, erf(mul(x, beta * Math.SQRT1_2))));
  const exponent = (x: Tensor): Tensor => mul(square(x), -(beta ** 2) / 2);
  // β φ(βx) at 0.
  const peak = beta / Math.sqrt(2 * Math.PI);
  return {
    value: (x) => mul(x, distribution(x)),
    slope: (x) => add(distribution(x), mul(mul(x, peak), exp(exponent(x)))),
    bend(x) {
      const e = exponent(x);
      return mul(mul(add(1, e), 2 * peak), exp(e));
    },
  };
}
