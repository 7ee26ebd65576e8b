import type { GradientFn, Intervention } from './types.js';

/**
 * Nests interventions, first outermost: `compose(a, b)(gradient)` is `a(b(gradient))`.
 *
 * Associative, and `compose()` is the identity. Disposing of the result disposes of every part.
 *
 * @example
 * compose(sam({ rho: 0.05 }), l2(1e-4))(gradient) // SAM around a loss with a penalty
 */
export function compose(...interventions: readonly Intervention[]): Intervention {
  return (innermost) => {
    const parts: GradientFn[] = [];
    const outermost = interventions.reduceRight<GradientFn>((next, intervention) => {
      const part = intervention(next);
      // An identity hands back what it was given, which is not its to dispose of.
      if (part !== next) parts.unshift(part);
      return part;
    }, innermost);
    if (parts.length === 0) return innermost;
    const composed: GradientFn = (objective) => outermost(objective);
    composed.dispose = () => parts.forEach((part) => part.dispose?.());
    return composed;
  };
}
