import { type NamedTensorMap, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import { atOffset } from '../core/atOffset.js';
import { gradient } from '../core/gradient.js';
import type { Objective } from '../core/types.js';
import type { Curvature } from './curvatureOf.js';
import { dataLoss } from './dataLoss.js';
import { rademacher } from './rademacher.js';
import { scoped } from './scoped.js';
import { cleanly } from './tape.js';
import { twiceDifferentiable } from './twiceDifferentiable.js';
import { dot, flatten, norm, unflatten } from './weightSpace.js';

/** 'kinked': differences cannot tell, since the function has kinks within their reach. */
export type Verdict = 'agrees' | 'kinked' | 'wrong';

export interface Check {
  /** |exact − difference| over the larger of both, at the better of two step sizes; rounding is not held against it. */
  readonly error: number;
  readonly verdict: Verdict;
}

export interface SelfCheck {
  /** vᵀHv against central differences of ∇L. */
  readonly curvature: Check;
  /** ∇L·v, as training computes it, against central differences of L. */
  readonly gradient: Check;
  /** What it took, in gradient evaluations. */
  readonly cost: number;
}

/** Lengths of the steps, relative to that of the weights. */
const steps = [2e-3, 5e-4];
const tolerance = 0.02;
/** What float32 may lose in an evaluation, relative to its size. */
const rounding = 2 ** -21;

/**
 * Compares products and gradient with central differences along one direction, half uphill and half random.
 *
 * A ReLU or a maximum that changes its mind between w ± hv makes differences of ∇L meaningless. So where the record
 * branches on the weights, a difference is called wrong only if H is also not symmetric.
 *
 * - Cost: 5 gradients and 1 product, 2 where they differ and the record branches: 7 or 9 gradients.
 *
 * @param curvature of this objective at the current weights; they are moved, and put back bit for bit.
 */
export function selfCheck(objective: Objective, curvature: Curvature, random: () => number): SelfCheck {
  const ofData = { ...objective, loss: dataLoss(objective) };
  const v = direction(curvature, random);
  const hv = curvature.hessian.apply(v);
  const length = scoped(() => norm(flatten(curvature.params))) || 1;
  const around = steps.map((step) => differencesAt(ofData, curvature, v, step * length));
  let products = 1;
  const symmetric = (): boolean => {
    products++;
    return isSymmetric(curvature, v, hv, random);
  };
  const ofGradient = around.map(({ gradient }) => gradient);
  const ofLoss = around.map(({ loss }) => loss);
  const checks = {
    curvature: check(dot(v, hv), ofGradient, () => (curvature.branches && symmetric() ? 'kinked' : 'wrong')),
    gradient: check(trainedSlope(ofData, v), ofLoss, () => 'wrong'),
  };
  return { ...checks, cost: 2 * steps.length + 1 + products * curvature.hessian.cost };
}

/** A central difference, and what of it may be rounding. */
interface Difference {
  readonly slope: number;
  readonly noise: number;
}

function differencesAt(
  objective: Objective,
  { loss, gradient }: Curvature,
  v: Float64Array,
  h: number,
): { readonly loss: Difference; readonly gradient: Difference } {
  const [ahead, behind] = [slopeAt(objective, v, h), slopeAt(objective, v, -h)];
  return {
    loss: { slope: (ahead.loss - behind.loss) / (2 * h), noise: (rounding * Math.abs(loss)) / h },
    gradient: { slope: (ahead.slope - behind.slope) / (2 * h), noise: (rounding * norm(gradient)) / h },
  };
}

/** L and ∇L·v at w + t v. */
function slopeAt(objective: Objective, v: Float64Array, t: number): { readonly loss: number; readonly slope: number } {
  const { params } = objective;
  return scoped(() => {
    const tensors = unflatten(
      v.map((x) => t * x),
      params,
    );
    const offset = Object.fromEntries(params.map((p, i) => [p.name, tensors[i]!]));
    const there = twiceDifferentiable(() => atOffset(params, offset, () => gradient(objective)));
    return { loss: there.loss.dataSync()[0]!, slope: dot(inOrder(params, there.grads), v) };
  });
}

/** ∇L·v by the gradients of tfjs as they are: the one number here that is not computed in the repaired scope. */
const trainedSlope = (objective: Objective, v: Float64Array): number =>
  scoped(() => {
    const { grads } = cleanly(() => gradient(objective));
    return dot(inOrder(objective.params, grads), v);
  });

const inOrder = (params: readonly Variable[], grads: NamedTensorMap): Float64Array =>
  flatten(params.map((p) => grads[p.name] ?? zerosLike(p)));

function check(exact: number, differences: readonly Difference[], otherwise: () => Verdict): Check {
  const errors = differences.map(
    ({ slope, noise }) =>
      Math.max(0, Math.abs(exact - slope) - noise) / (Math.max(Math.abs(exact), Math.abs(slope)) || 1),
  );
  const error = Math.min(...errors);
  return { error, verdict: error <= tolerance ? 'agrees' : otherwise() };
}

function direction({ dimension, gradient }: Curvature, random: () => number): Float64Array {
  const uphill = norm(gradient) || 1;
  const v = rademacher(dimension, random).map((x, i) => x / Math.sqrt(dimension) + gradient[i]! / uphill);
  const length = norm(v);
  return v.map((x) => x / length);
}

function isSymmetric({ hessian }: Curvature, v: Float64Array, hv: Float64Array, random: () => number): boolean {
  const u = rademacher(hessian.dimension, random);
  const hu = hessian.apply(u);
  return Math.abs(dot(u, hv) - dot(v, hu)) <= 1e-3 * Math.max(norm(u) * norm(hv), norm(hu));
}
