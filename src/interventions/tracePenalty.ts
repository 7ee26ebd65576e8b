import { clone, mul, type Scalar, type Tensor, type TensorContainer, tidy } from '@tensorflow/tfjs-core';
import { checkWhole } from '../core/checkNumber.js';
import type { Intervention, Needs, Strength } from '../core/intervention.js';
import type { GradientFn, Objective } from '../core/objective.js';
import { random } from '../core/random.js';
import type { CurvatureForm } from '../curvature/linearize/hessianForm.js';
import { directions } from '../curvature/spectrum/directions.js';
import { dimensionOf, unflatten } from '../curvature/spectrum/weightSpace.js';
import { withRecord } from '../curvature/tape/withRecord.js';
import { type DerivativePenalty, derivativePenalty } from './derivativePenalty.js';
import { ofStrength } from './ofStrength.js';
import { oncePerStep } from './oncePerStep.js';

/** What a penalty of a trace takes. */
export interface TracePenaltyOptions {
  /** Random directions a step. Default 1, as the source has it. */
  readonly samples?: number;
}

/** Which trace, and what it takes to estimate it. */
export interface PenalisedTrace {
  /** The function that makes the penalty, in errors and states. */
  readonly who: string;
  /** Of the penalty where it is reported. */
  readonly name: string;
  readonly needs: Needs;
  /** Gradient evaluations for so many directions. */
  cost(samples: number): number;
  /** The mean of vᵀ A v over some v, as a function of the weights. */
  form(objective: Objective, vs: readonly (readonly Tensor[])[]): CurvatureForm;
}

/**
 * Adds (λ/2) tr A to the loss, by Hutchinson's estimate: E vᵀ A v = tr A over random signs v. All evaluations of one step
 * share the v, which come from the random stream of training, one draw a step.
 *
 * @throws RangeError, in the name of the penalty, if lambda is negative or not finite, or samples not a whole number >= 1.
 */
export function tracePenalty(
  trace: PenalisedTrace,
  lambda: Strength,
  { samples = 1 }: TracePenaltyOptions,
): Intervention {
  const { who, needs } = trace;
  checkWhole(`${who}: samples`, samples);
  const acting = (next: GradientFn) => {
    const drawn = oncePerStep(() => Math.random() * 2 ** 32);
    return (objective: Objective, l: number) =>
      derivativePenalty(who, next, objective, estimated(trace, l, samples, drawn(objective.step)));
  };
  return ofStrength(who, 'strength', lambda, acting, { needs });
}

function estimated(trace: PenalisedTrace, lambda: number, samples: number, seed: number): DerivativePenalty {
  const recorded = <T extends TensorContainer>(objective: Objective, use: (form: CurvatureForm) => T): T =>
    tidy(() => {
      const { params } = objective;
      const vs = [...directions(dimensionOf(params), samples, random(seed))].map((v) => unflatten(v, params));
      return withRecord(trace.form(objective, vs), use);
    });
  const value = ({ form }: CurvatureForm): Scalar => mul(lambda / 2, form);
  return {
    name: trace.name,
    cost: trace.cost(samples),
    value: (objective) => recorded(objective, value),
    differentiate: (objective) =>
      recorded(objective, (form) => ({
        loss: clone(form.loss),
        grads: form.grads.map((g) => clone(g)),
        value: value(form),
        pull: form.pull().map((g) => mul(lambda / 2, g)),
      })),
  };
}
