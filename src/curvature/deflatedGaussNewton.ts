import { dot } from '../linalg/dot.js';
import type { Tangent } from './curvature.js';

/** What G makes of a space that is met vector by vector, and of what lies beside it. */
export interface DeflatedGaussNewton {
  /** Takes in what G has made of the next vector qᵢ. */
  add(tangent: Tangent): void;
  /** tr QᵀGQ */
  trace(): number;
  /** xᵀGx of x = v − Qc, given what G has made of v. */
  beside(c: ArrayLike<number>, tangent: Tangent): number;
}

/**
 * Splits off from G what it is in a space, where outputs move linearly: with M = QᵀGQ and bᵢ = qᵢᵀGv,
 *
 *     (v − Qc)ᵀG(v − Qc) = vᵀGv − 2 cᵀb + cᵀMc
 *
 * - Memory: for each vector a float32 of each output, of all examples.
 */
export function deflatedGaussNewton(): DeflatedGaussNewton {
  const slopes: Float32Array[] = [];
  /** qᵢᵀGqⱼ, j ≤ i. */
  const products: number[][] = [];
  const along = (outputs: Float64Array): number[] => slopes.map((own) => dot(own, outputs));
  return {
    add(tangent) {
      slopes.push(Float32Array.from(tangent.slopes));
      products.push(along(tangent.outputs));
    },
    trace: () => products.reduce((sum, row, i) => sum + row[i]!, 0),
    beside(c, { outputs, slopes }) {
      const within = products.reduce(
        (sum, row, i) => sum + row.reduce((part, m, j) => part + (j < i ? 2 : 1) * c[i]! * m * c[j]!, 0),
        0,
      );
      const across = along(outputs).reduce((sum, b, i) => sum + c[i]! * b, 0);
      return dot(outputs, slopes) - 2 * across + within;
    },
  };
}
