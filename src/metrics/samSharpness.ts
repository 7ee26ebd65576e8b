import { tidy } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import { checkPositive } from '../core/checkNumber.js';
import { gradient } from '../core/gradient.js';
import { ofLength } from '../core/namedTensors.js';
import type { Gradient, Objective } from '../core/objective.js';
import type { Probe, Quantity, Step } from '../core/watching.js';
import { type ProbeConditions, probedObjective } from './probedObjective.js';
import { setProbe } from './setProbe.js';

/** What {@link samSharpness} takes. */
export interface SamSharpnessOptions extends ProbeConditions {
  /** Length of the step uphill in weight space. Default 0.05. */
  readonly rho?: number;
}

/**
 * `sharpness.sam` = L(w + ρ g/‖g‖₂) − L(w), g = ∇L(w): how far the loss rises one step uphill.
 *
 * L is the loss at w_t without interventions, its penalty included; whether SAM is on makes no difference. 0 where g = 0,
 * NaN where ‖g‖ overflows. Beware of comparing runs by it: it grows with the loss itself.
 *
 * Cost: 1 gradient evaluation and 1 of the loss, counted as a third; the gradient is shared with the step where the
 * probe measures on the step's batch in the step's mode.
 *
 * @throws RangeError if rho is not positive and finite, or the conditions are not sound.
 * @see Foret, Kleiner, Mobahi, Neyshabur 2020, arXiv 2010.01412
 *
 * @example
 * instrument(model, { metrics: [[samSharpness({ rho: 0.05, on: { x, y } }), every(50)]] });
 */
export function samSharpness({ rho = 0.05, ...conditions }: SamSharpnessOptions = {}): Probe {
  checkPositive('samSharpness: rho', rho);
  return setProbe('samSharpness', [QUANTITY], {}, conditions, (step) => {
    const objective = probedObjective(step, 'samSharpness', conditions);
    const value = tidy(() => rise(objective, gradientOf(step, objective), rho));
    step.ledger.evaluated(1 / 3);
    const mode = objective.mode && { mode: objective.mode };
    return [{ name: QUANTITY.name, value, attributes: { rho, ...mode } }];
  });
}

const QUANTITY: Quantity = { name: 'sharpness.sam', unit: '1' };

function gradientOf(step: Step, objective: Objective): Gradient {
  if (objective === step.objective) return step.plain();
  step.ledger.evaluated(1);
  return gradient(objective);
}

function rise({ params, loss }: Objective, here: Gradient, rho: number): number {
  const there = atOffset(params, ofLength(here.grads, rho), loss);
  return there.dataSync()[0]! - here.loss.dataSync()[0]!;
}
