import type { Intervention, Strength } from '../core/intervention.js';
import { hessianForm } from '../curvature/linearize/hessianForm.js';
import { dataLossOf } from './dataGradient.js';
import { type TracePenaltyOptions, tracePenalty } from './tracePenalty.js';

/**
 * Penalises the trace of the Hessian: what `weightNoise` does to second order in σ, with λ = σ², without its noise.
 *
 *     L(w) + (λ/2) vᵀ H v,  v of random signs, so that E vᵀ H v = tr H;   E L(w + σε) = L(w) + (σ²/2) tr H + O(σ⁴)
 *
 * H is the Hessian of the data loss D, penalties left out. The gradient of vᵀ H v is a third derivative, and exact. It is
 * unbounded below where the outputs bend: training may drive tr H ever further below 0, which `gaussNewtonTracePenalty`
 * cannot. For ReLU, whose outputs do not bend, the two have the same expectation.
 *
 * All evaluations of a step share the directions, which come from the random stream of training. The penalty stands
 * innermost, wherever it is listed: D is the loss that other interventions have made. The loss handed on is L(w). The ascent
 * of `sam` leaves this penalty out as any other, unless asked.
 *
 * - Cost: 7/3 gradient evaluations and 16/3 for each direction, that is 23/3 for one, for each that the interventions around
 *   it ask for; 1 for the ascent of `sam`.
 * - Reports: `penalty.hessian_trace` = (λ/2) vᵀ H v.
 *
 * @throws RangeError if strength is negative or not finite, or samples not a whole number >= 1; Error, at the first step, if
 *   a kernel cannot be differentiated so often, naming it, or there are two penalties of derivatives.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * instrument(model, { interventions: [hessianTracePenalty(0.01)] });
 */
export const hessianTracePenalty = (strength: Strength, options: TracePenaltyOptions = {}): Intervention =>
  tracePenalty(
    {
      who: 'hessianTracePenalty',
      name: 'hessian_trace',
      needs: {},
      cost: (samples) => 7 / 3 + (16 / 3) * samples,
      form: (objective, vs) => hessianForm(dataLossOf(objective), objective.params, vs),
    },
    strength,
    options,
  );
