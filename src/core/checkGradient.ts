import type { Gradient } from './objective.js';

/** @throws TypeError if an intervention gave no gradient, as one that is listed and not called. */
export function checkGradient(gradient: Gradient): Gradient {
  if (gradient?.loss && gradient.grads) return gradient;
  throw new TypeError('an intervention must give { loss, grads }; is one listed uncalled, as sam for sam()?');
}
