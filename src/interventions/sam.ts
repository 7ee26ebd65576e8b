import type { Intervention } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { GradientFn } from '../core/objective.js';
import { refuseUnless } from '../core/refuseUnless.js';
import { type AscentOptions, ascent, climbReport, gapReport, handedOn, plainStep } from './ascent.js';
import { dataGradient } from './dataGradient.js';
import { inGroups } from './inGroups.js';
import { microBatch } from './microBatch.js';

/** What {@link sam} takes. */
export interface SamOptions extends AscentOptions {
  /** Lets the regularizers pull the ascent as well as the descent. Default false. Decoupled weight decay is never in it. */
  readonly ascendPenalty?: boolean;
  /** The share of the batch, its first examples, that the ascent is taken on; the descent takes all. Default 1. */
  readonly ascentFraction?: number;
  /** Gives each group of at most m examples an ascent of its own, and averages the gradients (m-sharpness). Default: one group. */
  readonly m?: number;
}

/**
 * Sharpness-aware minimization: steps along the gradient taken where the loss is worst near the weights.
 *
 *     the optimizer gets ∇L(w + ε̂);  with g the gradient of the data loss at w, T = 1, or |w| if adaptive:
 *     p = 2:  ε̂ = ρ T² g / ‖T g‖₂        p = ∞:  ε̂ = ρ T sign(g)
 *
 * One norm over all parameters together, biases included, or over those of `only`, and then ε̂ = 0 elsewhere; the
 * derivative of ε̂ is dropped. The penalty of the loss shares in ∇L(w + ε̂), and in g only if asked. The loss handed on is
 * L(w). A zero gradient gives a plain step, as good as zero (norm below 1e-12) a shorter ε̂; one whose norm overflows
 * float32 (1.8e19) gives NaN, never a plain step unnoticed.
 *
 * With `ascentFraction` the loss handed on is that of the fraction at w, and the one pass of the whole batch, from which
 * a model takes its metrics and the averages of batch normalization, is that at w + ε̂. Dropout drops the same units of
 * each example in both passes. With `m`, whose groups are as equal as can be, the whole batch passes forward once more,
 * and what is reported keeps two gradients and ε̂ of each group to the end of the step.
 *
 * - Cost: 2 gradient evaluations a step, 1 + f with `ascentFraction: f`; 1 while ρ = 0. With `m` a forward pass besides.
 * - Reports: `sam.gap` = L(w + ε̂) − L(w), not with `ascentFraction`, where nobody knows L(w); `sam.ascent_norm` = ‖ε̂‖₂;
 *   `sam.cosine` of g and ∇L(w + ε̂); `sam.rho`; `sam.active_steps`, so far with ρ > 0. The last two also while ρ = 0.
 *   With `m` the mean over the groups of each.
 *
 * @throws RangeError if rho is negative or NaN, p neither 2 nor Infinity, ascentFraction not above 0 and at most 1, m not a
 *   whole number >= 1, or, at the first step, if `only` leaves no parameter.
 * @see Foret, Kleiner, Mobahi, Neyshabur 2020, arXiv 2010.01412; adaptive: Kwon, Kim, Park, Choi 2021, arXiv 2102.11600;
 *   on a fraction: Bahri, Mobahi, Tay 2021, arXiv 2110.08529
 *
 * @example
 * instrument(model, { interventions: [sam({ rho: 0.05 })] });
 * instrument(model, { interventions: [sam({ rho: 0.1, ascentFraction: 1 / 4 })] }); // at 1.25 gradients a step
 */
export function sam({ ascendPenalty = false, ascentFraction = 1, m, ...uphill }: SamOptions = {}): Intervention {
  refuseUnless(
    ascentFraction > 0 && ascentFraction <= 1,
    'sam: ascentFraction',
    'above 0 and at most 1',
    ascentFraction,
  );
  const open = ascent('sam', uphill);
  const grouped = inGroups('sam', m);
  const intervention: Intervention = (next) => {
    const { rho, climb, report, ...live } = open();
    let r = 0;
    const perturbed = grouped((objective) => {
      const ascended = microBatch('sam', objective, ascentFraction);
      const here = ascendPenalty ? next(ascended) : dataGradient(next, ascended);
      const climbed = climb(r, next, objective, here);
      const gap = ascended === objective ? gapReport(climbed) : {};
      return handedOn(here, climbed.there.grads, { ...report(r), ...gap, ...climbReport(climbed) });
    });
    const sam: GradientFn = (objective) => {
      r = rho(objective.step);
      return r === 0 ? plainStep(next(objective), report(r)) : perturbed(objective);
    };
    return named('sam', Object.assign(sam, live));
  };
  const needsBatch = ascentFraction < 1 || m !== undefined;
  return Object.assign(intervention, needsBatch && { needs: { batch: true } });
}
