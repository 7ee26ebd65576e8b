import { mul, sum, tidy, type Variable } from '@tensorflow/tfjs-core';
import { checkOneOf } from '../core/checkOneOf.js';
import type { Objective } from '../core/objective.js';
import { refuseHalfPrecision } from './checks/precision.js';
import type { Curvature, Engine } from './curvature.js';
import { curvatureByDifferences } from './differences/differences.js';
import { exactCurvature } from './exactCurvature.js';

export type { Curvature, CurvatureParts, Engine } from './curvature.js';

/** What {@link curvatureOf} takes. */
export interface CurvatureOptions {
  /** Default 'exact'; 'finite-difference' where a kernel cannot be differentiated twice. */
  readonly engine?: Engine | undefined;
  /** Restricts weight space to the parameters whose names it accepts; the others are held fixed. Default: all. */
  readonly only?: ((name: string) => boolean) | undefined;
}

/** Gradients it takes to record. */
export const recordCost = 1;

/**
 * Records an objective for products with its Hessian H, and with G and NME where it offers `outputs` and `outputLoss`.
 * They are those of the data loss: wherever the objective tells its penalty apart, `penalty` is the Hessian of that.
 *
 * - Cost: 1 gradient; then H 2, G 4/3, NME 2, all three at once 8/3 a product, by operation count.
 * - The record lives until `dispose`; weights may move meanwhile, the record does not.
 *
 * @throws RangeError if the engine is unknown, the batch is empty, or `only` accepts no parameter.
 * @throws Error if loss, a weight or a product is not finite, a kernel cannot be differentiated twice, or the backend computes
 *   in half precision; it names it.
 *
 * @example
 * const { hessian, dispose } = curvatureOf(objective, { only: (name) => name.endsWith('/kernel') });
 */
export function curvatureOf(objective: Objective, { engine = 'exact', only }: CurvatureOptions = {}): Curvature {
  checkOneOf('curvatureOf: engine', engine, Object.keys(ENGINES));
  const params = only ? accepted(objective.params, only) : objective.params;
  refuseHalfPrecision('curvatureOf');
  refuseEmpty(objective);
  refuseNonFinite(params);
  return ENGINES[engine]({ ...objective, params });
}

const ENGINES: Readonly<Record<Engine, (objective: Objective) => Curvature>> = {
  exact: exactCurvature,
  'finite-difference': curvatureByDifferences,
};

function accepted(params: readonly Variable[], only: (name: string) => boolean): readonly Variable[] {
  const chosen = params.filter(({ name }) => only(name));
  if (chosen.length > 0) return chosen;
  throw new RangeError(`curvatureOf: only accepts none of the parameters ${params.map(({ name }) => name).join(', ')}`);
}

function refuseEmpty({ batch }: Objective): void {
  const shapes = batch ? [batch.x].flat().map(({ shape }) => shape) : [];
  if (shapes.every((shape) => shape[0] !== 0)) return;
  throw new RangeError(`curvatureOf: the batch must hold an example, got x of shape [${shapes.join('], [')}]`);
}

function refuseNonFinite(params: readonly Variable[]): void {
  // On wasm the sum of no numbers is not 0.
  for (const p of params.filter(({ size }) => size > 0)) {
    // 0 · w is 0 for every finite w, and NaN otherwise.
    const zero = tidy(() => sum(mul(p, 0)).dataSync()[0]);
    if (zero !== 0) throw new Error(`curvature: the parameter ${p.name} holds a value that is not finite`);
  }
}
