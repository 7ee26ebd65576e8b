import { matMul, mul, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { inverseCholesky } from '../../linalg/inverseCholesky.js';

/** Of the longest row's square: more than float32 loses of sums of squares. */
const SHIFT = 1e-5;

/** Each makes what is weak up to 300 times stronger against the rest: three reach the rounding of float32, one is to spare. */
const MOST_PASSES = 4;

/** How far from 1 and 0 the products of orthonormal rows may be. */
const CLOSE = 1e-6;

/**
 * Q, shaped like X `[rows, columns]`, of orthonormal rows that span those of X, so that X = (X Qᵀ) Q to the rounding of
 * float32. Where rows of X depend on others, to that rounding, some of Q are shorter.
 *
 * Each pass multiplies by the inverse of the Cholesky factor of X Xᵀ, which is shifted so that rounding cannot make it
 * indefinite.
 *
 * @see Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa 2020, Shifted Cholesky QR, SIAM J. Sci. Comput. 42
 */
export const rowSpace = (x: Tensor2D): Tensor2D =>
  tidy(() => {
    let q = x;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const gram = matMul(q, q, false, true).dataSync<'float32'>();
      if (isIdentity(gram, x.shape[0])) break;
      q = pressed(q, gram);
    }
    return q;
  });

function pressed(x: Tensor2D, gram: ArrayLike<number>): Tensor2D {
  const n = x.shape[0];
  const longest = Math.max(...Array.from({ length: n }, (_, i) => gram[i * (n + 1)]!));
  const inverse = new Float32Array(inverseCholesky(gram, n, SHIFT * (longest || 1)));
  // What is as long as the longest row comes to the length 1.
  return mul(matMul(tensor2d(inverse, [n, n]), x), Math.sqrt(1 + SHIFT));
}

const isIdentity = (matrix: Float32Array, n: number): boolean =>
  matrix.every((value, at) => Math.abs(value - (at % (n + 1) === 0 ? 1 : 0)) < CLOSE);
