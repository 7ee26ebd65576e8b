import { mul, type NamedTensorMap, type Scalar, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import { atOffset } from '../../core/atOffset.js';
import { gradient } from '../../core/gradient.js';
import type { Gradient, Objective } from '../../core/objective.js';
import { dot } from '../../linalg/dot.js';
import type { Curvature } from '../curvatureOf.js';
import { dataLoss } from '../dataLoss.js';
import { rademacher } from '../spectrum/rademacher.js';
import { addScaled, flatten, norm, scale, unflatten } from '../spectrum/weightSpace.js';
import { scoped } from '../tape/scoped.js';
import { cleanly } from '../tape/tape.js';
import { twiceDifferentiable } from '../tape/twiceDifferentiable.js';
import { type Branches, takeBranches } from './branches.js';

/**
 * 'kinked': differences cannot tell, since the function has kinks within their reach. 'untrainable': of the gradient only,
 * where TensorFlow.js has none of its own, so that no loop trains by it; that of the curvature agrees with differences.
 */
export type Verdict = 'agrees' | 'kinked' | 'wrong' | 'untrainable';

/** How one derivative compares with differences. */
export interface Check {
  /** ‖exact − difference‖ over the larger of both, at the better of two step sizes; rounding is not held against it. */
  readonly error: number;
  readonly verdict: Verdict;
}

/** What {@link selfCheck} finds. */
export interface SelfCheck {
  /** H v against central differences of ∇L, as vectors. */
  readonly curvature: Check;
  /** ∇L·v, as training computes it, against central differences of L; by the curvature's ∇L where training has none. */
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
 * Compares products and gradient with central differences along one direction v. It leads uphill, at random, and along what
 * the gradient of training has otherwise than that of the curvature: an error of training cannot lie across it.
 *
 * Where the gradient branches on the weights (ReLU, max), all evaluations follow the branches taken at w: a unit that
 * changes its mind between w ± hv would make the difference meaningless. Should they differ all the same, beside a kink,
 * the product is called wrong only if H is also not symmetric, the gradient only if the loss itself was held on its branches.
 *
 * - Cost: 5 gradients and 1 product, 7 in all; where it branches 1 gradient more, and 1 product more to tell kinked from
 *   wrong: at most 10.
 *
 * @param curvature of this objective at the current weights; they are moved, and put back bit for bit.
 * @throws Error if the loss decides otherwise at each evaluation; and what the loss throws.
 */
export function selfCheck(objective: Objective, curvature: Curvature, random: () => number): SelfCheck {
  const ofData = { ...objective, loss: dataLoss(objective) };
  const trained = trainedGradient(ofData);
  const v = direction(curvature.gradient, trained, random);
  const hv = curvature.hessian.apply(v);
  const { around, crossed } = differences(ofData, curvature, v);
  const ofGradient = around.map(({ gradient }) => gradient);
  const ofLoss = around.map(({ loss }) => loss);
  let products = 1;
  const symmetric = (): boolean => {
    products++;
    return isSymmetric(curvature, v, hv, random);
  };
  const product = check(hv, ofGradient, () => (curvature.branches && symmetric() ? 'kinked' : 'wrong'));
  const slope = Float64Array.of(dot(trained ?? curvature.gradient, v));
  const gradient = check(slope, ofLoss, () => (crossed ? 'kinked' : 'wrong'));
  const untrainable = trained === undefined && gradient.verdict === 'agrees';
  return {
    curvature: product,
    gradient: untrainable ? { ...gradient, verdict: 'untrainable' } : gradient,
    cost: 2 * steps.length + (curvature.branches ? 2 : 1) + products * curvature.hessian.cost,
  };
}

/** A central difference, and what of it may be rounding. */
interface Difference {
  readonly value: Float64Array;
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
      const [ahead, behind] = [valuesAt(objective, v, h, branches), valuesAt(objective, v, -h, branches)];
      return {
        loss: { value: quotient(ahead.loss, behind.loss, h), noise: (rounding * Math.abs(loss)) / h },
        gradient: { value: quotient(ahead.gradient, behind.gradient, h), noise: (rounding * norm(gradient)) / h },
      };
    });
    return { around, crossed: branches?.crossed() ?? false };
  } finally {
    branches?.dispose();
  }
}

const quotient = (ahead: Float64Array, behind: Float64Array, h: number): Float64Array =>
  ahead.map((x, i) => (x - behind[i]!) / (2 * h));

const gradientHere = (objective: Objective): Gradient => twiceDifferentiable(() => gradient(objective));

/** L and ∇L at w + t v. */
function valuesAt(objective: Objective, v: Float64Array, t: number, branches: Branches | undefined) {
  const { params } = objective;
  return scoped(() => {
    const moved = unflatten(v, params).map((part) => mul(part, t));
    const offset = Object.fromEntries(params.map((p, i) => [p.name, moved[i]!]));
    const there = (): Gradient => gradientHere(objective);
    const { loss, grads } = atOffset(params, offset, branches ? () => branches.follow(there) : there);
    return { loss: flatten([loss]), gradient: inOrder(params, grads) };
  });
}

/**
 * ∇L by the gradients of tfjs as they are, the one value here that is not computed in the repaired scope; `undefined` where
 * it throws although the loss can be evaluated.
 */
function trainedGradient(objective: Objective): Float64Array | undefined {
  let evaluated = false;
  const loss = (): Scalar => {
    const value = objective.loss();
    evaluated = true;
    return value;
  };
  try {
    return scoped(() => inOrder(objective.params, cleanly(() => gradient({ ...objective, loss })).grads));
  } catch (error) {
    if (evaluated) return undefined;
    throw error;
  }
}

const inOrder = (params: readonly Variable[], grads: NamedTensorMap): Float64Array =>
  flatten(params.map((p) => grads[p.name] ?? zerosLike(p)));

function check(exact: Float64Array, differences: readonly Difference[], otherwise: () => Verdict): Check {
  const errors = differences.map(
    ({ value, noise }) => Math.max(0, norm(minus(exact, value)) - noise) / (Math.max(norm(exact), norm(value)) || 1),
  );
  const error = Math.min(...errors);
  return { error, verdict: error <= tolerance ? 'agrees' : otherwise() };
}

/** The parts of it in equal lengths, each on the side of those before: with few weights they might cancel. */
function direction(gradient: Float64Array, trained: Float64Array | undefined, random: () => number): Float64Array {
  const v = new Float64Array(gradient.length);
  for (const part of [gradient, rademacher(gradient.length, random), disagreement(gradient, trained ?? gradient)]) {
    const length = norm(part);
    if (length > 0) addScaled(v, (dot(part, v) < 0 ? -1 : 1) / length, part);
  }
  scale(v, 1 / norm(v));
  return v;
}

/** What one gradient has otherwise than the other; nothing where that would be tolerated, as rounding is. */
function disagreement(a: Float64Array, b: Float64Array): Float64Array {
  const apart = minus(a, b);
  return norm(apart) > tolerance * Math.max(norm(a), norm(b)) ? apart : new Float64Array(a.length);
}

const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x - b[i]!);

function isSymmetric({ hessian }: Curvature, v: Float64Array, hv: Float64Array, random: () => number): boolean {
  const u = rademacher(hessian.dimension, random);
  const hu = hessian.apply(u);
  return Math.abs(dot(u, hv) - dot(v, hu)) <= 1e-3 * Math.max(norm(u) * norm(hv), norm(hu));
}
