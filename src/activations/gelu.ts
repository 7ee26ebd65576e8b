import { add, erf, exp, mul, square, sub, type Tensor } from '@tensorflow/tfjs-core';

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
  if (!(beta > 0 && beta < Infinity)) throw new RangeError(`${who}: beta must be positive and finite, got ${beta}`);
  return {
    value: (x) => mul(x, distribution(mul(x, beta))),
    slope(x) {
      const t = mul(x, beta);
      return add(distribution(t), mul(t, density(t)));
    },
    bend(x) {
      const t = mul(x, beta);
      return mul(mul(sub(2, square(t)), beta), density(t));
    },
  };
}

const distribution = (t: Tensor): Tensor => mul(0.5, add(1, erf(mul(t, Math.SQRT1_2))));

const density = (t: Tensor): Tensor => mul(1 / Math.sqrt(2 * Math.PI), exp(mul(-0.5, square(t))));
