import type { Intervention } from './intervention.js';
import { named } from './named.js';
import { jointly } from './needs.js';
import type { GradientFn, Update } from './objective.js';
import { type PartState, restoreParts, statesOf } from './partStates.js';

/**
 * Nests interventions, first outermost: `compose(a, b)(gradient)` is `a(b(gradient))`.
 *
 * Associative, and `compose()` is the identity. Disposing of the result disposes of every part, its state is that of every
 * part, and it needs what any of them needs.
 *
 * @example
 * compose(sam({ rho: 0.05 }), l2(1e-4))(gradient) // SAM around a loss with a penalty
 */
export function compose(...interventions: readonly Intervention[]): Intervention {
  const composition: Intervention = (innermost) => {
    const parts: GradientFn[] = [];
    const outermost = interventions.reduceRight<GradientFn>((next, intervention) => {
      const part = intervention(next);
      // An identity hands back what it was given, which is not its to dispose of.
      if (part !== next) parts.unshift(part);
      return part;
    }, innermost);
    if (parts.length === 0) return innermost;
    const composed: GradientFn = (objective) => outermost(objective);
    const updates = parts.filter((part) => part.update);
    if (updates.length > 0) composed.update = nested(updates);
    composed.dispose = () => parts.forEach((part) => part.dispose?.());
    composed.state = () => statesOf(parts);
    composed.restore = (saved) => restoreParts(parts, saved as readonly PartState[]);
    return named('compose', composed);
  };
  const needs = jointly(interventions.map((intervention) => intervention.needs));
  return Object.assign(composition, needs && { needs });
}

/** Around the optimizer's step, first outermost, as around the gradient. */
const nested =
  (parts: readonly GradientFn[]) =>
  (apply: () => void, update: Update): void =>
    parts.reduceRight((inner, part) => () => part.update!(inner, update), apply)();
