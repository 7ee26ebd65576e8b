import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import { addScaled, globalNorm } from '../core/namedTensors.js';
import type { GradientFn } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { ascent, climbReport, gapReport, handedOn, plainStep } from './ascent.js';
import { dataGradient } from './dataGradient.js';
import { inGroups } from './inGroups.js';
import { orthogonal } from './orthogonal.js';
import type { SamOptions } from './sam.js';

/** What {@link gsam} takes. */
export interface GsamOptions extends Omit<SamOptions, 'ascentFraction'> {
  /** How strongly the gap is narrowed; 0 is {@link sam}. Default 0.4. */
  readonly alpha?: Strength;
}

/**
 * Surrogate gap guided SAM: besides the loss at w + ε̂ it narrows the gap h = L(w + ε̂) − L(w), the part of sharpness that
 * SAM by itself leaves alone.
 *
 *     the optimizer gets  ∇L(w + ε̂) − α g⊥,   g⊥ = g − (g·û) û,  û along ∇L(w + ε̂)
 *
 * with g and ε̂ as in `sam`. To first order the step along g⊥ leaves L(w + ε̂) as it is, and raises L(w) towards it; all
 * parameters make one vector. The authors let ρ follow the learning rate: `rho: cosine({ from, to, steps })`. The loss
 * handed on is L(w).
 *
 * - Cost: 2 gradient evaluations a step; 1 while ρ = 0. With `m` a forward pass besides.
 * - Reports: what `sam` does, `sam.gap` being the surrogate gap; `sam.orthogonal_norm` = ‖g⊥‖₂, of which α is taken.
 *
 * @throws RangeError if alpha is negative or NaN, and as `sam`.
 * @see Zhuang, Gong, Yuan, Cui, Adam, Dvornek, Tatikonda, Duncan, Liu 2022, arXiv 2203.08065
 *
 * @example
 * instrument(model, { interventions: [gsam({ rho: 0.1, alpha: 0.4 })] });
 */
export function gsam({ alpha = 0.4, ascendPenalty = false, m, ...uphill }: GsamOptions = {}): Intervention {
  const narrowing = strength('gsam: alpha', alpha);
  const open = ascent('gsam', uphill);
  const grouped = inGroups('gsam', m);
  const intervention: Intervention = (next) => {
    const { rho, climb, report, dispose, ...live } = open();
    const narrow = narrowing();
    let [r, a] = [0, 0];
    const narrowed = grouped((objective) => {
      const here = ascendPenalty ? next(objective) : dataGradient(next, objective);
      const climbed = climb(r, next, objective, here);
      const { grads } = climbed.there;
      const across = orthogonal(here.grads, grads);
      const told = { ...gapReport(climbed), ...climbReport(climbed), 'sam.orthogonal_norm': () => globalNorm(across) };
      return handedOn(here, a === 0 ? grads : addScaled(grads, across, -a), { ...report(r), ...told });
    });
    const gsam: GradientFn = (objective) => {
      [r, a] = [rho(objective.step), narrow(objective.step)];
      return r === 0 ? plainStep(next(objective), report(r)) : narrowed(objective);
    };
    const close = (): void => {
      dispose();
      narrow.dispose();
    };
    return named('gsam', Object.assign(gsam, live, { dispose: close }));
  };
  return Object.assign(intervention, m !== undefined && { needs: { batch: true } });
}
