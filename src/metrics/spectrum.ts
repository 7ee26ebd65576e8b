/**
 * What the singular values s of a matrix say about its rank, from their squares; all 0 for the zero matrix.
 *
 * - `rank`: the smallest k with Σ_{i≤k} sᵢ² ≥ threshold · Σ sᵢ²
 * - `spectralEntropy`: −Σ pᵢ ln pᵢ in nats, pᵢ = sᵢ / Σ s
 * - `effectiveRank`: exp(spectralEntropy), between 1 and the rank (Roy, Vetterli 2007)
 * - `stableRank`: Σ sᵢ² / max sᵢ² (Rudelson, Vershynin 2007, arXiv math/0503442)
 *
 * @param squares sᵢ², largest first.
 * @param threshold Share of the variance to be held, in (0, 1).
 */
export function spectrum(squares: Float64Array, threshold: number): Spectrum {
  const values = squares.map(Math.sqrt);
  return {
    rank: leadingCount(squares, threshold * sum(squares)),
    effectiveRank: effectiveRank(values),
    spectralEntropy: entropy(values),
    stableRank: stableRank(squares),
  };
}

export interface Spectrum {
  readonly rank: number;
  readonly effectiveRank: number;
  readonly spectralEntropy: number;
  readonly stableRank: number;
}

/** exp(−Σ pᵢ ln pᵢ), p = values / Σ values; 0 where all are 0. */
export const effectiveRank = (values: Float64Array): number => (sum(values) === 0 ? 0 : Math.exp(entropy(values)));

/** Σ sᵢ² / max sᵢ² of squares, largest first; 0 where all are 0. */
export const stableRank = (squares: Float64Array): number => (squares[0] ? sum(squares) / squares[0] : 0);

function leadingCount(values: Float64Array, bound: number): number {
  let [count, held] = [0, 0];
  while (count < values.length && held < bound) held += values[count++]!;
  return count;
}

function entropy(weights: Float64Array): number {
  const total = sum(weights);
  return weights.reduce((h, s) => (s > 0 ? h - (s / total) * Math.log(s / total) : h), 0);
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
