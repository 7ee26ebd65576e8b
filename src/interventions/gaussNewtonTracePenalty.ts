import type { Intervention, Strength } from '../core/intervention.js';
import { required } from '../core/required.js';
import { gaussNewtonForm } from '../curvature/linearize/gaussNewtonForm.js';
import { type TracePenaltyOptions, tracePenalty } from './tracePenalty.js';

/**
 * Penalises the trace of the Gauss-Newton matrix: the part of the Hessian that is never negative, and not H − G.
 *
 *     L(w) + (λ/2) vᵀ G v,  G = Jᵀ H_z J at the outputs z;  v of random signs, so that E vᵀ G v = tr G
 *
 * It holds the slopes of the outputs small, where the data loss is curved in them, and does not reward outputs that bend:
 * for a loss that is convex in its outputs, vᵀ G v >= 0. G is of the data loss D, penalties left out. Its gradient, exact,
 * follows J and H_z as they move.
 *
 * All evaluations of a step share the directions, which come from the random stream of training. The penalty stands
 * innermost, wherever it is listed: D is the loss that other interventions have made. The loss handed on is L(w). The ascent
 * of `sam` leaves this penalty out as any other, unless asked.
 *
 * - Cost: 5/3 gradient evaluations and 5/3 for each direction, that is 10/3 for one, for each that the interventions around
 *   it ask for; 1 for the ascent of `sam`.
 * - Reports: `penalty.gauss_newton_trace` = (λ/2) vᵀ G v.
 *
 * @throws RangeError if strength is negative or not finite, or samples not a whole number >= 1; TypeError, when the run is
 *   made or at the first step, if the loop does not tell outputs from loss; Error, at the first step, if a kernel cannot be
 *   differentiated so often, naming it, or there are two penalties of derivatives.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * instrument(model, { interventions: [gaussNewtonTracePenalty(0.01)] });
 */
export const gaussNewtonTracePenalty = (strength: Strength, options: TracePenaltyOptions = {}): Intervention =>
  tracePenalty(
    {
      who: 'gaussNewtonTracePenalty',
      name: 'gauss_newton_trace',
      needs: { outputs: true },
      cost: (samples) => 5 / 3 + (5 / 3) * samples,
      form: (objective, vs) => {
        const { outputs, outputLoss } = required('gaussNewtonTracePenalty', objective, 'outputs', 'outputLoss');
        return gaussNewtonForm(outputs, outputLoss, objective.params, vs);
      },
    },
    strength,
    options,
  );
