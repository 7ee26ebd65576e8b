import { addN, mul, ones, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { pathBetween, pullback } from '../tape/pullback.js';
import { type Disposable, recording } from '../tape/recording.js';
import { asScalar } from './asScalar.js';
import { likeParams } from './likeParams.js';

/** A loss with its gradient, and a quadratic form in its curvature with the gradient of that. */
export interface CurvatureForm extends Disposable {
  readonly loss: Scalar;
  /** ∇L, shaped like the parameters. */
  readonly grads: readonly Tensor[];
  /** The mean of vᵀ A v over the directions given. */
  readonly form: Scalar;
  /** The gradient of `form` in the parameters, the directions held; the caller owns the result. */
  pull(): Tensor[];
}

/**
 * Records w ↦ vᵀ H(w) v, the mean over some directions v, which are not functions of w. Its gradient is a third derivative
 * of the loss, exact like the second.
 *
 * - Cost: 1 gradient for the loss and 2 for each direction; then 4/3, and 10/3 for each direction, for `pull`.
 *
 * @param vs directions, each a list of tensors shaped like the parameters.
 * @throws Error if a kernel on the way cannot be differentiated so often, naming it.
 */
export function hessianForm(
  loss: () => Scalar,
  params: readonly Tensor[],
  vs: readonly (readonly Tensor[])[],
): CurvatureForm {
  return recording(({ record, keepOnly }) => {
    const forward = record(() => [asScalar(loss())]);
    const down = pathBetween(forward.nodes, params, forward.ys);
    const backward = record(() => pullback(down, forward.ys, [ones([])], params));
    const twice = pathBetween([...forward.nodes, ...backward.nodes], params, backward.ys);
    const form = record(() => [
      meanOf(vs, (v) => inner(pullback(twice, backward.ys, likeParams('hessianForm: v', v, params), params), v)),
    ]);
    const path = pathBetween([...forward.nodes, ...backward.nodes, ...form.nodes], params, form.ys);
    keepOnly([path]);
    return {
      loss: forward.ys[0] as Scalar,
      grads: backward.ys,
      form: form.ys[0] as Scalar,
      pull: () => pullback(path, form.ys, [ones([])], params),
    };
  });
}

/** Σ aᵀ b over tensors of equal shapes. */
export const inner = (a: readonly Tensor[], b: readonly Tensor[]): Tensor => addN(a.map((x, i) => sum(mul(x, b[i]!))));

export const meanOf = <V>(vs: readonly V[], of: (v: V) => Tensor): Tensor => mul(addN(vs.map(of)), 1 / vs.length);
