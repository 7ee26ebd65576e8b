import type { RitzPairs } from './ritz.js';

/** An eigenvalue λ of an operator A, as far as a search for it and its eigenvector x has come. */
export interface Eigenvalue {
  readonly value: number;
  /** ‖A x − λ x‖₂: some eigenvalue is at most so far from `value`. */
  readonly residual: number;
  /**
   * What the error of `value` comes to if the search has met the eigenvalues beside it: residual² over the gap to them, or
   * the residual where that is less.
   */
  readonly error: number;
  readonly converged: boolean;
  /** Products the search took. */
  readonly products: number;
}

/** An eigenvalue and its eigenvector. */
export interface Eigenpair extends Eigenvalue {
  /** Of unit length. */
  readonly vector: Float64Array;
  /**
   * Where the next search should start, once the operator has changed a little: the vector, with a share of its runner-up,
   * the nearest that was not asked for. In it chance accumulates from search to search, until what overtakes is seen.
   */
  readonly next: Float64Array;
}

/**
 * The i-th error: r²/gap, the gap being that to the nearest other value less what that may be off. With no other value yet,
 * or one too near, the residual.
 *
 * @see Temple 1928; Kato 1949, On the Upper and Lower Bounds of Eigenvalues; Parlett 1980, § 10-5
 */
export function ritzError({ values, residuals }: RitzPairs, i: number): number {
  const r = residuals[i]!;
  const beside = [i - 1, i + 1].filter((j) => j >= 0 && j < values.length);
  const gap = Math.min(...beside.map((j) => Math.abs(values[i]! - values[j]!) - residuals[j]!));
  return beside.length > 0 && gap > r ? r ** 2 / gap : r;
}
