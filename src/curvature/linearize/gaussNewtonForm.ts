import { ones, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { pathBetween, pullback } from '../tape/pullback.js';
import { recording } from '../tape/recording.js';
import { asScalar } from './asScalar.js';
import { type CurvatureForm, inner, meanOf } from './hessianForm.js';
import { likeParams } from './likeParams.js';

/**
 * Records w ↦ vᵀ G(w) v = (J v)ᵀ H_z J v, the mean over some directions v, which are not functions of w. Its gradient
 * follows J and H_z as both move with w: second derivatives of the outputs are in it, though none is in G.
 *
 * - Cost: 1 gradient for the loss and 2/3 for each direction; then 2/3, and 1 for each direction, for `pull`.
 *
 * @param vs directions, each a list of tensors shaped like the parameters.
 * @throws Error if a kernel on the way cannot be differentiated so often, naming it.
 */
export function gaussNewtonForm(
  outputs: () => Tensor[],
  outputLoss: (outputs: readonly Tensor[]) => Scalar,
  params: readonly Tensor[],
  vs: readonly (readonly Tensor[])[],
): CurvatureForm {
  return recording(({ record, keepOnly }) => {
    const { ys: zs, nodes: forward } = record(outputs);
    const { ys: loss, nodes: above } = record(() => [asScalar(outputLoss(zs))]);
    const { ys: ds, nodes: aboveBack } = record(() => pullback(pathBetween(above, zs, loss), loss, [ones([])], zs));
    const down = pathBetween(forward, params, zs);
    const { ys: grads, nodes: back } = record(() => pullback(down, zs, ds, params));
    const up = pathBetween(back, ds, grads);
    const across = pathBetween([...above, ...aboveBack], zs, ds);
    const { ys: form, nodes: forming } = record(() => [
      meanOf(vs, (v) => {
        const moved = pullback(up, grads, likeParams('gaussNewtonForm: v', v, params), ds);
        return inner(pullback(across, ds, moved, zs), moved);
      }),
    ]);
    const path = pathBetween([...forward, ...above, ...aboveBack, ...back, ...forming], params, form);
    keepOnly([path]);
    return {
      loss: loss[0] as Scalar,
      grads,
      form: form[0] as Scalar,
      pull: () => pullback(path, form, [ones([])], params),
    };
  });
}
