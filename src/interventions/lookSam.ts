import { cast, greater, mul, type NamedTensorMap, type Scalar } from '@tensorflow/tfjs-core';
import { checkWhole } from '../core/checkNumber.js';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import { addScaled, globalNorm, ofLength, scale } from '../core/namedTensors.js';
import type { Gradient, GradientFn, Json, Objective } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { type AscentOptions, ascent, type Climb, climbReport, gapReport, handedOn, plainStep } from './ascent.js';
import { keptDirection } from './keptDirection.js';
import { orthogonal } from './orthogonal.js';

/** What {@link lookSam} takes. */
export interface LookSamOptions extends AscentOptions {
  /** Steps from one ascent to the next. Default 5. */
  readonly interval?: number;
  /** How much of the kept direction the steps between get, relative to their gradient. Default 0.7. */
  readonly alpha?: Strength;
}

/**
 * LookSAM: an ascent on every k-th step, and on those between its lasting part, the component that turns the gradient
 * towards flat regions.
 *
 *     with an ascent:  the optimizer gets g_s = ∇L(w + ε̂), and g_v = g_s − (g_s·ĝ) ĝ is kept;  ε̂ as in `sam`, of g = ∇L(w)
 *     between:         the optimizer gets g + α ‖g‖ g_v/‖g_v‖
 *
 * All parameters make one vector. L has its penalties in it, in the ascent too, so that g_v is what two gradients of one
 * loss differ by. An ascent is due on the first step with ρ > 0, and k steps after the last. The loss handed on is L(w).
 *
 * Whether anything is reused can be seen: `sam.orthogonal_norm` is 0 where g_s ∥ g, as with one parameter or with a
 * Hessian that is a multiple of 1, and then the steps between are plain. Below 1e-5 ‖g_s‖, g_v is rounding and counts as 0.
 *
 * - Cost: 1 + 1/k gradient evaluations a step; 1 while ρ = 0. Memory: g_v, as large as the parameters.
 * - Reports: with an ascent, what `sam` does and `sam.orthogonal_norm` = ‖g_v‖₂; between, `sam.reused_norm`, the length of
 *   what is added; always `sam.rho` and `sam.active_steps`, the steps with an ascent.
 *
 * @throws RangeError if interval is not a whole number >= 1, alpha is negative or NaN, and as `sam`; Error if it is called
 *   twice in a step, as by `accumulate` listed before it.
 * @see Liu, Mai, Chen, Hsieh, You 2022, arXiv 2203.02714
 *
 * @example
 * instrument(model, { interventions: [lookSam({ rho: 0.1, interval: 5 })] });
 */
export function lookSam({ interval = 5, alpha = 0.7, ...uphill }: LookSamOptions = {}): Intervention {
  checkWhole('lookSam: interval', interval);
  const share = strength('lookSam: alpha', alpha);
  const open = ascent('lookSam', uphill);
  return (next) => {
    const { rho, climb, report, ...live } = open();
    const amount = share();
    const kept = keptDirection();
    let done = -1;

    const ascend = (r: number, objective: Objective): Gradient => {
      const climbed = climb(r, next, objective, next(objective));
      const { direction, norm } = lasting(climbed);
      kept.put(objective.step, objective.params, direction);
      const told = { ...gapReport(climbed), ...climbReport(climbed), 'sam.orthogonal_norm': () => norm };
      return handedOn(climbed.here, climbed.there.grads, { ...report(r), ...told });
    };
    const reuse = (r: number, objective: Objective, direction: NamedTensorMap): Gradient => {
      const here = next(objective);
      const added = scale(direction, mul(amount(objective.step), globalNorm(here.grads)));
      const told = { 'sam.reused_norm': () => globalNorm(added) };
      return handedOn(here, addScaled(here.grads, added, 1), { ...report(r), ...told });
    };
    const steered = (objective: Objective): Gradient => {
      const { step, params } = objective;
      const r = rho(step);
      if (r === 0) return plainStep(next(objective), report(r));
      const direction = kept.since(step - interval, params);
      return direction ? reuse(r, objective, direction) : ascend(r, objective);
    };
    const lookSam: GradientFn = (objective) => {
      if (objective.step === done) throw new Error(calledTwice(done));
      const gradient = steered(objective);
      done = objective.step;
      return gradient;
    };
    lookSam.state = () => ({ ascent: live.state(), kept: kept.state() });
    lookSam.restore = (saved) => {
      const state = saved as { ascent: Json; kept: Json };
      live.restore(state.ascent);
      kept.restore(state.kept);
    };
    lookSam.dispose = () => {
      for (const part of [live, amount, kept]) part.dispose();
    };
    return named('lookSam', lookSam);
  };
}

const calledTwice = (step: number): string =>
  `lookSam: must be called once a step, got a second call in step ${step}; list accumulate after it`;

/** g_v at length 1, and its length; 0 both where it is rounding. */
function lasting({ here, there }: Climb): { readonly direction: NamedTensorMap; readonly norm: Scalar } {
  const across = orthogonal(there.grads, here.grads);
  const norm = globalNorm(across);
  const counts = cast(greater(norm, mul(ROUNDING, globalNorm(there.grads))), 'float32');
  return { direction: scale(ofLength(across, 1), counts as Scalar), norm: mul(norm, counts) };
}

/** Of what cancels in float32, relative to what it was. */
const ROUNDING = 1e-5;
