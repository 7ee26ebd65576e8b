import { checkWhole } from './checkNumber.js';

/**
 * Rises evenly from 0 at step 0 to a strength at step `steps`, and goes on as that does, its steps counted from there.
 *
 *     s < steps: then(0) · s / steps;   otherwise: then(s − steps)
 *
 * @throws RangeError if steps is not a whole number >= 1.
 * @see Goyal et al. 2017, arXiv 1706.02677
 *
 * @example
 * sam({ rho: warmUp(500, 0.05) })
 * sam({ rho: warmUp(500, cosine({ from: 0.05, to: 0.01, steps: 5000 })) })
 */
export function warmUp(steps: number, then: number | ((step: number) => number)): (step: number) => number {
  checkWhole('warmUp: steps', steps);
  const after = typeof then === 'number' ? () => then : then;
  return (step) => (step < steps ? (after(0) * step) / steps : after(step - steps));
}
