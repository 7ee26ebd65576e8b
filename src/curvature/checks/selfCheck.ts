import { mul, type NamedTensorMap, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import { atOffset } from '../../core/atOffset.js';
import { gradient } from '../../core/gradient.js';
import type { Gradient, Objective } from '../../core/objective.js';
import type { Curvature } from '../curvatureOf.js';
import { dataLoss } from '../dataLoss.js';
import { rademacher } from '../spectrum/rademacher.js';
import { dot, flatten, norm, unflatten } from '../spectrum/weightSpace.js';
import { scoped } from '../tape/scoped.js';
import { cleanly } from '../tape/tape.js';
import { twiceDifferentiable } from '../tape/twiceDifferentiable.js';
import { type Branches, takeBranches } from './branches.js';

/** 'kinked': differences cannot tell, since the function has kinks within their reach. */
export type Verdict = 'agrees' | 'kinked' | 'wrong';

/** How one derivative compares with differences. */
export interface Check {
  /** |exact − difference| over the larger of both, at the better of two step sizes; rounding is not held against it. */
  readonly error: number;
  readonly verdict: Verdict;
}

/** What {@link selfCheck} finds. */
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
 * Where the gradient branches on the weights (ReLU, max), all evaluations follow the branches taken at w: a unit that
 * changes its mind between w ± hv would make the difference meaningless. Should they differ all the same, beside a kink,
 * the product is called wrong only if H is also not symmetric, the gradient only if the loss itself was held on its branches.
 *
 * - Cost: 5 gradients and 1 product, 7 in all; where it branches 1 gradient more, and 1 product more to tell kinked from
 *   wrong: at most 10.
 *
 * @param curvature of this objective at the current weights; they are moved, and put back bit for bit.
 */
export function selfCheck(objective: Objective, curvature: Curvature, random: () => number): SelfCheck {
  const ofData = { ...objective, loss: dataLoss(objective) };
  const v = direction(curvature, random);
  const hv = curvature.hessian.apply(v);
  const { around, crossed } = differences(ofData, curvature, v);
  let products = 1;
  const symmetric = (): boolean => {
    products++;
    return isSymmetric(curvature, v, hv, random);
  };
  const ofGradient = around.map(({ gradient }) => gradient);
  const ofLoss = around.map(({ loss }) => loss);
  const checks = {
    curvature: check(dot(v, hv), ofGradient, () => (curvature.branches && symmetric() ? 'kinked' : 'wrong')),
    gradient: check(trainedSlope(ofData, v), ofLoss, () => (crossed ? 'kinked' : 'wrong')),
  };
  const gradients = 2 * steps.length + (curvature.branches ? 2 : 1);
  return { ...checks, cost: gradients + products * curvature.hessian.cost };
}

/** A central difference, and what of it may be rounding. */
interface Difference {
  readonly slope: number;
  readonly noise: number;
}

interface Differences {
  readonly loss: Difference;
  readonly gradient: Difference;
}

function differences(objective: Objective, curvature: Curvature, v: Float64Array) {
  const { loss, gradient, params } = curvature;
  const length = scoped(() => norm(flatten(params))) || 1;
  const branches = curvature.branches ? takeBranches(() => scoped(() => gradientHere(objective))) : undefined;
  try {
    const around = steps.map((step): Differences => {
      const h = step * length;
      const [ahead, behind] = [slopeAt(objective, v, h, branches), slopeAt(objective, v, -h, branches)];
      return {
        loss: { slope: (ahead.loss - behind.loss) / (2 * h), noise: (rounding * Math.abs(loss)) / h },
        gradient: { slope: (ahead.slope - behind.slope) / (2 * h), noise: (rounding * norm(gradient)) / h },
      };
    });
    return { around, crossed: branches?.crossed() ?? false };
  } finally {
    branches?.dispose();
  }
}

const gradientHere = (objective: Objective): Gradient => twiceDifferentiable(() => gradient(objective));

/** L and ∇L·v at w + t v. */
function slopeAt(objective: Objective, v: Float64Array, t: number, branches: Branches | undefined) {
  const { params } = objective;
  return scoped(() => {
    const moved = unflatten(v, params).map((part) => mul(part, t));
    const offset = Object.fromEntries(params.map((p, i) => [p.name, moved[i]!]));
    const there = (): Gradient => gradientHere(objective);
    const { loss, grads } = atOffset(params, offset, branches ? () => branches.follow(there) : there);
    return { loss: loss.dataSync()[0]!, slope: dot(inOrder(params, grads), v) };
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

/** The random half is taken on the uphill side: with few weights the two might cancel. */
function direction({ dimension, gradient }: Curvature, random: () => number): Float64Array {
  const drawn = rademacher(dimension, random);
  const across = Math.sqrt(dimension) * (dot(drawn, gradient) < 0 ? -1 : 1);
  const uphill = norm(gradient) || 1;
  const v = drawn.map((x, i) => x / across + gradient[i]! / uphill);
  const length = norm(v);
  return v.map((x) => x / length);
}

function isSymmetric({ hessian }: Curvature, v: Float64Array, hv: Float64Array, random: () => number): boolean {
  const u = rademacher(hessian.dimension, random);
  const hu = hessian.apply(u);
  return Math.abs(dot(u, hv) - dot(v, hu)) <= 1e-3 * Math.max(norm(u) * norm(hv), norm(hu));
}
