import { ones, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { branchesOn, pathBetween, pullback } from '../tape/pullback.js';
import { type Disposable, recording } from '../tape/recording.js';
import { asScalar } from './asScalar.js';
import { likeParams } from './likeParams.js';

/** The map w → ∇L, recorded at the weights it had. */
export interface LinearGradient extends Disposable {
  readonly loss: Scalar;
  /** ∇L, shaped like the parameters. */
  readonly grads: readonly Tensor[];
  /** Whether the gradient takes decisions that depend on the parameters (ReLU, max): it may have kinks. */
  readonly branches: boolean;
  /** v ↦ H v, both lists of tensors shaped like the parameters; the caller owns the result. */
  hvp(v: readonly Tensor[]): Tensor[];
}

/**
 * Records w ↦ ∇L(w) once; every Hessian-vector product is then a walk over the record, H v = ∂⟨v, ∇L⟩/∂w.
 *
 * A parameter that the loss does not read has a zero block. Beside a kink (ReLU, max) H is that of the piece w is on.
 *
 * - Cost: 1 gradient to record, 2 for each product, by operation count of a deep inner layer.
 * - `loss`, `grads` and the record live until `dispose`; weights may move meanwhile, the record does not.
 *
 * @throws Error if a kernel on the way cannot be differentiated twice, naming it.
 * @see Pearlmutter 1994, Fast Exact Multiplication by the Hessian
 */
export function linearizeGradient(loss: () => Scalar, params: readonly Tensor[]): LinearGradient {
  return recording(({ record, keepOnly, walk }) => {
    const forward = record(() => [asScalar(loss())]);
    const down = pathBetween(forward.nodes, params, forward.ys);
    const backward = record(() => pullback(down, forward.ys, [ones([])], params));
    const nodes = [...forward.nodes, ...backward.nodes];
    const path = pathBetween(nodes, params, backward.ys);
    keepOnly([path]);
    const hvp = walk(path, backward.ys, params);
    return {
      loss: forward.ys[0] as Scalar,
      grads: backward.ys,
      branches: branchesOn(params, nodes),
      hvp: (v: readonly Tensor[]) => hvp(likeParams('hvp: v', v, params)),
    };
  });
}
