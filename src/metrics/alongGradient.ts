import type { Probe, Step } from '../core/watching.js';
import { norm } from '../curvature/spectrum/weightSpace.js';
import type { CurvatureConditions } from './curvatureConditions.js';
import { curvatureProbe } from './curvatureProbe.js';
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

/** What is read from the products with ĝ, and the name it is published by. */
export interface AlongGradientTarget {
  readonly quantity: string;
  readonly needsOutputs?: boolean;
  read(along: AlongGradient): number;
}

/** A probe that reads from the products with ĝ which such probes of a step share; nothing where ∇L = 0. */
export function alongGradientProbe(name: string, target: AlongGradientTarget, conditions: CurvatureConditions): Probe {
  const { quantity, needsOutputs, read } = target;
  return curvatureProbe(
    name,
    {
      quantities: [quantity],
      needsOutputs,
      reading: (step, shared) => () => {
        const along = alongGradient(step, shared);
        return along ? [{ name: quantity, value: read(along) }] : [];
      },
    },
    conditions,
  );
}
