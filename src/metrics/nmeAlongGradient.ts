import type { Probe } from '../core/watching.js';
import { norm } from '../curvature/spectrum/weightSpace.js';
import { alongGradientProbe } from './alongGradient.js';
import type { CurvatureConditions } from './curvatureConditions.js';

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
export const nmeAlongGradient = (conditions: CurvatureConditions = {}): Probe =>
  alongGradientProbe(
    'nmeAlongGradient',
    { quantity: 'nme.along_gradient', needsOutputs: true, read: ({ nme }) => norm(nme!) },
    conditions,
  );
