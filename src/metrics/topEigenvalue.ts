import type { Ledger, Probe } from '../core/watching.js';
import { checkLanczos, lanczos } from '../curvature/lanczos.js';
import { checkConditions, type ProbeConditions } from './probedObjective.js';
import { checkedQuantities, selfCheckOnce, stepCurvature } from './stepCurvature.js';

export interface TopEigenvalueOptions extends ProbeConditions {
  /** Residual to stop at, relative to the largest eigenvalue met. Default 0.01, which errs by far less: see `lanczos`. */
  readonly tolerance?: number;
  /** Products to stop at, whether or not the tolerance is met. Default 60. */
  readonly maxProducts?: number;
}

/**
 * `hessian.top_eigenvalue` = λ_max, the algebraically largest eigenvalue of the Hessian of the data loss at w_t.
 * `hessian.top_eigenvalue_residual` = ‖H x − λ x‖ / |λ|: how sure of it we are.
 *
 * Penalties and interventions are left out. The eigenvector found last in a run is where its next search starts.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 2 for each product: some 10
 * products at first, few later. The first curvature measurement of a run adds the self-check: 7 to 10 gradients.
 *
 * @throws RangeError or TypeError if tolerance or maxProducts are out of range, or the conditions are not sound.
 * @see Gilmer et al. 2021, arXiv 2110.04369; Cohen et al. 2021, arXiv 2103.00065
 *
 * @example
 * instrument(model, { metrics: [[topEigenvalue({ on: { x, y } }), every(50)]] });
 */
export function topEigenvalue(options: TopEigenvalueOptions = {}): Probe {
  const { on, mode, ...search } = checkLanczos('topEigenvalue', options);
  const conditions = { on, mode };
  checkConditions('topEigenvalue', conditions);
  // By run, which is known by its ledger: a probe may serve several.
  const starts = new WeakMap<Ledger, Float64Array>();
  return {
    name: 'topEigenvalue',
    measures: [
      { name: 'hessian.top_eigenvalue', unit: '1' },
      { name: 'hessian.top_eigenvalue_residual', unit: '1' },
      ...checkedQuantities,
    ],
    needs: { batch: on !== undefined },
    on,
    measure(step) {
      const shared = stepCurvature(step, 'topEigenvalue', conditions);
      const checks = selfCheckOnce(step, shared);
      const { hessian } = shared.curvature;
      const last = starts.get(step.ledger);
      const start = last?.length === hessian.dimension ? last : undefined;
      const found = lanczos(hessian, { ...search, start, random: step.random });
      step.ledger.evaluated(found.products * hessian.cost);
      starts.set(step.ledger, found.vector);
      const { attributes } = shared;
      const residual = found.residual / (Math.abs(found.value) || 1);
      return [
        { name: 'hessian.top_eigenvalue', value: found.value, attributes },
        { name: 'hessian.top_eigenvalue_residual', value: residual, attributes },
        ...checks,
      ];
    },
  };
}
