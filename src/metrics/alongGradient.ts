import type { Step } from '../core/watching.js';
import { norm } from '../curvature/spectrum/weightSpace.js';
import type { StepCurvature } from './stepCurvature.js';

/** Products with the unit gradient ĝ = ∇L / ‖∇L‖ of the data loss, which the probes of a step share. */
export interface AlongGradient {
  /** ĝ */
  readonly direction: Float64Array;
  /** H ĝ */
  readonly hessian: Float64Array;
  /** (H − G) ĝ, where the loop offers outputs. */
  readonly nme?: Float64Array;
}

/** `undefined` where ∇L = 0, which has no direction. Cost: one product, 8/3 gradients where the loop offers outputs, else 2. */
export function alongGradient(step: Step, { key, curvature }: StepCurvature): AlongGradient | undefined {
  const { gradient, hessian, parts } = curvature;
  return step.once(`along the gradient, ${key}`, () => {
    const length = norm(gradient);
    if (length === 0) return undefined;
    const direction = gradient.map((x) => x / length);
    step.ledger.evaluated((parts?.split ?? hessian).cost);
    if (!parts) return { direction, hessian: hessian.apply(direction) };
    return { direction, ...parts.split.apply(direction) };
  });
}
