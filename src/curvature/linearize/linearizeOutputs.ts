import { ones, type Tensor } from '@tensorflow/tfjs-core';
import { pathBetween, pullback } from '../tape/pullback.js';
import { type Disposable, recording } from '../tape/recording.js';
import { likeParams } from './likeParams.js';

/** The map w → outputs, recorded at the weights it had. */
export interface LinearOutputs extends Disposable {
  readonly outputs: readonly Tensor[];
  /** v ↦ J v, from the shapes of the parameters to those of the outputs; the caller owns the result. */
  jvp(v: readonly Tensor[]): Tensor[];
  /** u ↦ Jᵀ u, from the shapes of the outputs to those of the parameters; the caller owns the result. */
  vjp(u: readonly Tensor[]): Tensor[];
}

/**
 * Records w ↦ z(w) once, and with it both products with the Jacobian J = ∂z/∂w.
 *
 * There is no forward mode in tfjs: J v is the derivative of u ↦ Jᵀ u, which is linear, along v.
 *
 * - Cost: 1 gradient to record, 2/3 for each product.
 *
 * @throws Error if a kernel on the way cannot be differentiated twice, naming it.
 */
export function linearizeOutputs(outputs: () => Tensor[], params: readonly Tensor[]): LinearOutputs {
  return recording(({ record, keepOnly, walk }) => {
    const { ys: zs, nodes } = record(outputs);
    const { ys: us } = record(() => zs.map(({ shape }) => ones(shape)));
    const down = pathBetween(nodes, params, zs);
    const back = record(() => pullback(down, zs, us, params));
    const up = pathBetween(back.nodes, us, back.ys);
    keepOnly([down, up]);
    const [jvp, vjp] = [walk(up, back.ys, us), walk(down, zs, params)];
    return {
      outputs: zs,
      jvp: (v: readonly Tensor[]) => jvp(likeParams('jvp: v', v, params)),
      vjp: (u: readonly Tensor[]) => vjp(likeParams('vjp: u', u, zs)),
    };
  });
}
