import { div, maximum, mul, type NamedTensorMap, type Scalar, sub } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import { dot, globalNorm, scale } from '../core/namedTensors.js';
import { strength } from '../core/strength.js';
import type { GradientFn, Intervention, Strength } from '../core/types.js';

export interface SamOptions {
  /** Radius of the neighbourhood in weight space; 0 is plain training. Default 0.05. */
  readonly rho?: Strength;
}

/**
 * Sharpness-aware minimization: steps along the gradient taken where the loss is worst near the weights.
 *
 *     ε̂ = ρ g / ‖g‖₂,  g = ∇L(w);  the optimizer gets ∇L(w + ε̂)
 *
 * One norm over all parameters together; the derivative of ε̂ is dropped. A zero gradient gives a plain step.
 *
 * - Cost: 2 gradient evaluations a step; 1 while ρ = 0.
 * - Reports: `sam.gap` = L(w + ε̂) − L(w); `sam.ascent_norm` = ‖ε̂‖; `sam.cosine` of both gradients.
 *
 * @throws RangeError if rho is negative or NaN.
 * @see Foret, Kleiner, Mobahi, Neyshabur 2020, arXiv 2010.01412
 *
 * @example
 * instrument(model, { interventions: [sam({ rho: 0.05 })] });
 */
export function sam({ rho = 0.05 }: SamOptions = {}): Intervention {
  const radius = strength('sam: rho', rho);
  return (next) => {
    const at = radius();
    const sam: GradientFn = (objective) => {
      const r = at(objective.step);
      const here = next(objective);
      if (r === 0) return here;
      const ascent = ascentStep(here.grads, r);
      const there = atOffset(objective.params, ascent, () => next(objective));
      return {
        loss: here.loss,
        grads: there.grads,
        report: {
          ...here.report,
          'sam.gap': () => sub(there.loss, here.loss),
          'sam.ascent_norm': () => globalNorm(ascent),
          'sam.cosine': () => cosine(here.grads, there.grads),
        },
      };
    };
    sam.dispose = at.dispose;
    return sam;
  };
}

/** ρ g / ‖g‖₂, and 0 where g = 0. */
export function ascentStep(grads: NamedTensorMap, rho: number): NamedTensorMap {
  return scale(grads, div(rho, maximum(globalNorm(grads), 1e-12)) as Scalar);
}

const cosine = (a: NamedTensorMap, b: NamedTensorMap): Scalar =>
  div(dot(a, b), maximum(mul(globalNorm(a), globalNorm(b)), 1e-12));
