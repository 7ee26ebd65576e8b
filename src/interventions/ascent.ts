import { abs, mul, type NamedTensorMap, type Scalar, sign, sub, type Variable } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import type { Strength } from '../core/intervention.js';
import { dot, globalNorm, mapTensors, ofLength, scale } from '../core/namedTensors.js';
import type { Gradient, GradientFn, Json, Objective, Report } from '../core/objective.js';
import { refuseUnless } from '../core/refuseUnless.js';
import { strength } from '../core/strength.js';
import { chosen } from './chosen.js';

/** How {@link sam} and its kin step uphill. */
export interface AscentOptions {
  /** Radius of the neighbourhood in weight space; 0 is plain training. Default 0.05; adaptive SAM wants about 10 times that. */
  readonly rho?: Strength;
  /** Which norm measures the neighbourhood: 2 or Infinity. Default 2. */
  readonly p?: number;
  /** Measures it relative to the size of each weight (ASAM). Default false. */
  readonly adaptive?: boolean;
  /** Which parameters are moved: ρ is the radius in the space of these. Default all; for kernels alone: `(param) => param.rank > 1`. */
  readonly only?: (param: Variable) => boolean;
}

/** A step uphill: the gradients where it begins and where it ends, and ε̂, the way between. */
export interface Climb {
  readonly here: Gradient;
  readonly there: Gradient;
  readonly offset: NamedTensorMap;
}

/** The steps uphill of one run. */
export interface Ascent {
  /** ρ, as it is at the step. */
  rho(step: number): number;
  /** Steps ρ uphill along the gradient that was found at w, and takes the gradient of the objective there. */
  climb(rho: number, next: GradientFn, objective: Objective, here: Gradient): Climb;
  /** `sam.rho`, and `sam.active_steps`: on how many steps so far there was a climb. */
  report(rho: number): Report;
  state(): Json;
  restore(state: Json): void;
  dispose(): void;
}

/**
 *     p = 2:  ε̂ = ρ T² g / ‖T g‖₂        p = ∞:  ε̂ = ρ T sign(g);   T = 1, or |w| if adaptive
 *
 * @throws RangeError, in the name of `who`, if rho is negative or NaN, or p neither 2 nor Infinity; at the first step if
 *   `only` leaves no parameter.
 */
export function ascent(who: string, { rho = 0.05, p = 2, adaptive = false, only }: AscentOptions): () => Ascent {
  refuseUnless(p === 2 || p === Infinity, `${who}: p`, '2 or Infinity', p);
  const radius = strength(`${who}: rho`, rho);
  const uphill = p === 2 ? inNorm2 : inMaximumNorm;
  return () => {
    const at = radius();
    const active = distinctSteps();
    return {
      rho: at,
      climb(r, next, objective, here) {
        const moved = chosen(who, objective.params, only);
        active.count(objective.step);
        const offset = uphill(of(moved, here.grads), r, adaptive ? moved : []);
        return { here, offset, there: atOffset(moved, offset, () => next(objective)) };
      },
      report(r) {
        const activeSteps = active.state();
        return { 'sam.rho': () => r, 'sam.active_steps': () => activeSteps };
      },
      state: active.state,
      restore: (saved) => active.restore(saved as number),
      dispose: at.dispose,
    };
  };
}

/** What the optimizer gets of a step that began with the gradient at w: that loss, these gradients, and more to report. */
export const handedOn = ({ loss, report }: Gradient, grads: NamedTensorMap, more: Report): Gradient => ({
  loss,
  grads,
  report: { ...report, ...more },
});

/** A plain step, and more to report of it. */
export const plainStep = (here: Gradient, more: Report): Gradient => handedOn(here, here.grads, more);

/** `sam.ascent_norm` = ‖ε̂‖₂, and `sam.cosine` of the two gradients. */
export const climbReport = ({ here, there, offset }: Climb): Report => ({
  'sam.ascent_norm': () => globalNorm(offset),
  'sam.cosine': () => cosine(here.grads, there.grads),
});

/** `sam.gap` = L(w + ε̂) − L(w). */
export const gapReport = ({ here, there }: Climb): Report => ({ 'sam.gap': () => sub(there.loss, here.loss) });

const of = (params: readonly Variable[], grads: NamedTensorMap): NamedTensorMap =>
  Object.fromEntries(params.filter(({ name }) => grads[name]).map(({ name }) => [name, grads[name]!]));

type Uphill = (grads: NamedTensorMap, rho: number, relativeTo: readonly Variable[]) => NamedTensorMap;

const inNorm2: Uphill = (grads, rho, relativeTo) => {
  const relative = timesSize(grads, relativeTo);
  return timesSize(ofLength(relative, rho), relativeTo);
};

const inMaximumNorm: Uphill = (grads, rho, relativeTo) => {
  const signs = mapTensors(grads, (g) => sign(g));
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
    count(step: number): void {
      if (step !== last) [counted, last] = [counted + 1, step];
    },
    state: () => counted,
    restore(saved: number): void {
      counted = saved;
    },
  };
}
