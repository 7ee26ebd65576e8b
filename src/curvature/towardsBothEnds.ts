import type { Curvature, CurvatureParts } from './curvature.js';
import { norm } from './spectrum/weightSpace.js';

/** A direction for a search to start from, and what finding it took, in gradient evaluations. */
export interface Hint {
  readonly direction: Float64Array;
  readonly cost: number;
}

/**
 * Where a search for both ends of the spectrum of H should start, where nothing is known yet: NME ∇L. What is negative in H
 * comes from NME, for a convex loss, and the gradient leans towards the top alone. The gradient where NME is 0, or the
 * objective tells no parts.
 *
 * Measured on an MLP and a convnet at four ages (against 70 products) and twelve small networks (JAX), at a tolerance of
 * 1 %: of 80 bottoms none is further off than that, the worst by 0.8 % of λ_max; from the gradient 10 are, by up to 2.3 %.
 *
 * - Cost: 2 gradients; none where there are no parts.
 */
export function towardsBothEnds({
  parts,
  gradient,
}: Pick<Curvature, 'gradient'> & { readonly parts?: Pick<CurvatureParts, 'nme'> | undefined }): Hint {
  if (!parts) return { direction: gradient, cost: 0 };
  const direction = parts.nme.apply(gradient);
  return { direction: norm(direction) > 0 ? direction : gradient, cost: parts.nme.cost };
}
