import type { Probe } from '../core/watching.js';
import { norm } from '../curvature/spectrum/weightSpace.js';
import { alongGradient } from './alongGradient.js';
import { type CurvatureConditions, checkConditionsOfCurvature } from './curvatureConditions.js';
import { checkedQuantities, partsOf, selfCheckOnce, stepCurvature } from './stepCurvature.js';

/**
 * `nme.along_gradient` = ‖(H − G) ĝ‖₂, ĝ = ∇L/‖∇L‖: what a penalty on the gradient norm, or SAM, gets to see of the
 * nonlinear modelling error, since both move the weights by H ĝ.
 *
 * 0 for a network that is linear in its weights. Measures nothing where ∇L = 0.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and one product, 8/3 gradients, shared
 * with `rayleighGradient`. The first of a run adds the self-check. Needs outputs.
 *
 * @throws RangeError or TypeError if the conditions are not sound.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export function nmeAlongGradient(conditions: CurvatureConditions = {}): Probe {
  checkConditionsOfCurvature('nmeAlongGradient', conditions);
  return {
    name: 'nmeAlongGradient',
    measures: [{ name: 'nme.along_gradient', unit: '1' }, ...checkedQuantities],
    needs: { outputs: true, batch: conditions.on !== undefined },
    on: conditions.on,
    measure(step) {
      const shared = stepCurvature(step, 'nmeAlongGradient', conditions);
      partsOf(shared.curvature, 'nmeAlongGradient');
      const checks = selfCheckOnce(step, shared);
      const along = alongGradient(step, shared);
      if (!along?.nme) return checks;
      return [{ name: 'nme.along_gradient', value: norm(along.nme), attributes: shared.attributes }, ...checks];
    },
  };
}
