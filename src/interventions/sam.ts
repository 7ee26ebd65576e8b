import { abs, mul, type NamedTensorMap, type Scalar, sign, sub, type Variable } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import { dot, globalNorm, ofLength, scale } from '../core/namedTensors.js';
import type { GradientFn } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { dataGradient } from './dataGradient.js';

/** What {@link sam} takes. */
export interface SamOptions {
  /** Radius of the neighbourhood in weight space; 0 is plain training. Default 0.05; adaptive SAM wants about 10 times that. */
  readonly rho?: Strength;
  /** Which norm measures the neighbourhood: 2 or Infinity. Default 2. */
  readonly p?: number;
  /** Measures it relative to the size of each weight (ASAM). Default false. */
  readonly adaptive?: boolean;
  /** Lets the regularizers pull the ascent as well as the descent. Default false. */
  readonly ascendPenalty?: boolean;
}

/**
 * Sharpness-aware minimization: steps along the gradient taken where the loss is worst near the weights.
 *
 *     the optimizer gets ∇L(w + ε̂);  with g the gradient of the data loss at w, T = 1, or |w| if adaptive:
 *     p = 2:  ε̂ = ρ T² g / ‖T g‖₂        p = ∞:  ε̂ = ρ T sign(g)
 *
 * One norm over all parameters together, biases included; the derivative of ε̂ is dropped. The penalty of the loss shares
 * in ∇L(w + ε̂), and in g only if asked. The loss handed on is L(w). A zero gradient gives a plain step, as good as zero
 * (norm below 1e-12) a shorter ε̂; one whose norm overflows float32 (1.8e19) gives NaN, never a plain step unnoticed.
 *
 * - Cost: 2 gradient evaluations a step; 1 while ρ = 0.
 * - Reports: `sam.gap` = L(w + ε̂) − L(w); `sam.ascent_norm` = ‖ε̂‖₂; `sam.cosine` of g and ∇L(w + ε̂); `sam.rho`;
 *   `sam.active_steps`, so far with ρ > 0. The last two also while ρ = 0.
 *
 * @throws RangeError if rho is negative or NaN, or p neither 2 nor Infinity.
 * @see Foret, Kleiner, Mobahi, Neyshabur 2020, arXiv 2010.01412; adaptive: Kwon, Kim, Park, Choi 2021, arXiv 2102.11600
 *
 * @example
 * instrument(model, { interventions: [sam({ rho: 0.05 })] });
 */
export function sam({ rho = 0.05, p = 2, adaptive = false, ascendPenalty = false }: SamOptions = {}): Intervention {
  if (p !== 2 && p !== Infinity) throw new RangeError(`sam: p must be 2 or Infinity, got ${p}`);
  const radius = strength('sam: rho', rho);
  const ascent = p === 2 ? ascentInNorm2 : ascentInMaximumNorm;
  return (next) => {
    const at = radius();
    const active = distinctSteps();
    const sam: GradientFn = (objective) => {
      const { params, step } = objective;
      const r = at(step);
      const activeSteps = active.count(step, r > 0);
      const own = { 'sam.rho': () => r, 'sam.active_steps': () => activeSteps };
      const here = r === 0 || ascendPenalty ? next(objective) : dataGradient(next, objective);
      if (r === 0) return { ...here, report: { ...here.report, ...own } };
      const offset = ascent(here.grads, r, adaptive ? params : []);
      const there = atOffset(params, offset, () => next(objective));
      return {
        loss: here.loss,
        grads: there.grads,
        report: {
          ...here.report,
          ...own,
          'sam.gap': () => sub(there.loss, here.loss),
          'sam.ascent_norm': () => globalNorm(offset),
          'sam.cosine': () => cosine(here.grads, there.grads),
        },
      };
    };
    sam.state = active.state;
    sam.restore = (saved) => active.restore(saved as number);
    sam.dispose = at.dispose;
    return named('sam', sam);
  };
}

type Ascent = (grads: NamedTensorMap, rho: number, relativeTo: readonly Variable[]) => NamedTensorMap;

const ascentInNorm2: Ascent = (grads, rho, relativeTo) => {
  const relative = timesSize(grads, relativeTo);
  return timesSize(ofLength(relative, rho), relativeTo);
};

const ascentInMaximumNorm: Ascent = (grads, rho, relativeTo) => {
  const signs = Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, sign(g)]));
  return scale(timesSize(signs, relativeTo), rho);
};

/** T v with T = |w|; v itself where there is nothing to relate to. */
const timesSize = (v: NamedTensorMap, params: readonly Variable[]): NamedTensorMap => ({
  ...v,
  ...Object.fromEntries(params.filter(({ name }) => v[name]).map((w) => [w.name, mul(abs(w), v[w.name]!)])),
});

const cosine = (a: NamedTensorMap, b: NamedTensorMap): Scalar => dot(ofLength(a, 1), ofLength(b, 1));

/** Counts steps, not calls: accumulation makes several calls a step. */
function distinctSteps() {
  let [counted, last] = [0, -1];
  return {
    count(step: number, counts: boolean): number {
      if (counts && step !== last) [counted, last] = [counted + 1, step];
      return counted;
    },
    state: () => counted,
    restore(saved: number): void {
      counted = saved;
    },
  };
}
