import type { Gradient } from './objective.js';

/** @throws TypeError if an intervention gave no gradient, as one that is listed and not called. */
export function checkGradient(gradient: Gradient): Gradient {
  if (gradient?.loss && gradient.grads) return gradient;
  throw new TypeError(
    'an intervention must give { loss, grads }, and one did not; is it listed uncalled, as sam for sam()?',
  );
}
