import { mul, sum, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Objective } from '../core/objective.js';
import { linearizeComposition } from './linearizeComposition.js';
import { linearizeGradient } from './linearizeGradient.js';
import type { Operator } from './operator.js';
import type { Disposable } from './recording.js';
import { scoped } from './scoped.js';
import { dimensionOf, flatten, unflatten } from './weightSpace.js';

/** The curvature of an objective at the weights it had; vectors are flat, the parameters in order, row by row. */
export interface Curvature extends Disposable {
  readonly params: readonly Variable[];
  readonly dimension: number;
  readonly loss: number;
  /** ∇L */
  readonly gradient: Float64Array;
  /** Whether the gradient takes decisions that depend on the parameters (ReLU, max): it may have kinks. */
  readonly branches: boolean;
  readonly hessian: Operator;
  /** The two parts of the Hessian, where the objective tells its outputs from its loss. */
  readonly parts?: CurvatureParts;
}

/** The two parts of the Hessian, H = G + NME. */
export interface CurvatureParts {
  /** G = Jᵀ H_z J */
  readonly gaussNewton: Operator;
  /** NME = H − G */
  readonly nme: Operator;
  /** H v, G v and NME v of the same v, cheaper than one by one. */
  readonly split: {
    readonly cost: number;
    /** v ↦ H v, G v and NME v. */
    apply(v: Float64Array): Readonly<Record<'hessian' | 'gaussNewton' | 'nme', Float64Array>>;
  };
}

/** Gradients it takes to record. */
export const recordCost = 1;

/**
 * Records an objective for products with its Hessian H, and with G and NME where it offers `outputs` and `outputLoss`.
 * They are those of the data loss: penalties are left out wherever the objective tells them apart.
 *
 * - Cost: 1 gradient; then H 2, G 4/3, NME 2, all three at once 8/3 a product, by operation count.
 *
 * @throws Error if loss, a weight or a product is not finite, or a kernel cannot be differentiated twice; it names it.
 */
export function curvatureOf(objective: Objective): Curvature {
  const { outputs, outputLoss, loss, params } = objective;
  refuseNonFinite(params);
  const composition = outputs && outputLoss ? linearizeComposition(outputs, outputLoss, params) : undefined;
  const linear = composition ?? linearizeGradient(loss, params);
  try {
    const value = linear.loss.dataSync()[0]!;
    if (!Number.isFinite(value)) throw new Error(`curvature: the loss is ${value}, so it has no curvature`);
    const onTensors = (name: string, cost: number, product: (v: Tensor[]) => Tensor[]): Operator => ({
      dimension: dimensionOf(params),
      cost,
      apply: (v) => scoped(() => finite(name, flatten(product(unflatten(checked(name, v, params), params))))),
    });
    const common = {
      params,
      dimension: dimensionOf(params),
      loss: value,
      gradient: finite('gradient', flatten(linear.grads)),
      branches: linear.branches,
      hessian: onTensors('hessian', 2, linear.hvp),
      dispose: linear.dispose,
    };
    if (!composition) return common;
    const { gaussNewton, nme, split } = composition;
    return {
      ...common,
      parts: {
        gaussNewton: onTensors('gaussNewton', 4 / 3, gaussNewton),
        nme: onTensors('nme', 2, nme),
        split: {
          cost: 8 / 3,
          apply: (v) =>
            scoped(() => {
              const products = split(unflatten(checked('split', v, params), params));
              const read = (name: keyof typeof products): Float64Array => finite(name, flatten(products[name]));
              return { hessian: read('hessian'), gaussNewton: read('gaussNewton'), nme: read('nme') };
            }),
        },
      },
    };
  } catch (error) {
    linear.dispose();
    throw error;
  }
}

function refuseNonFinite(params: readonly Variable[]): void {
  for (const p of params) {
    // 0 · w is 0 for every finite w, and NaN otherwise.
    const zero = tidy(() => sum(mul(p, 0)).dataSync()[0]);
    if (zero !== 0) throw new Error(`curvature: the parameter ${p.name} holds a value that is not finite`);
  }
}

function finite(name: string, v: Float64Array): Float64Array {
  const at = v.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) throw new Error(`curvature: the ${name} is ${v[at]} at ${at}; weights or data are out of range`);
  return v;
}

function checked(name: string, v: Float64Array, params: readonly Tensor[]): Float64Array {
  if (v.length !== dimensionOf(params)) {
    throw new RangeError(`${name}: v must hold ${dimensionOf(params)} numbers, got ${v.length}`);
  }
  return v;
}
