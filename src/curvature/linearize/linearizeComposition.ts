import { add, clone, ones, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type Adjoints, adjointsAlong, adjointsOf, branchesOn, pathBetween, pullback } from '../tape/pullback.js';
import { recording, type Walk } from '../tape/recording.js';
import { asScalar } from './asScalar.js';
import { wholeFrame } from './frame.js';
import { type FramedProducts, framedProducts } from './framedProducts.js';
import type { InRange, inRange } from './inRange.js';
import { likeParams } from './likeParams.js';
import type { LinearGradient } from './linearizeGradient.js';
import type { LinearOutputs } from './linearizeOutputs.js';

/** H v = G v + NME v, each a list of tensors shaped like the parameters. A type, for `tidy` takes no interface. */
export type SplitProduct = { readonly [part in 'hessian' | 'gaussNewton' | 'nme']: Tensor[] };

/** Every product takes and gives lists of tensors shaped like the parameters, unless it says otherwise. */
export interface LinearComposition extends LinearGradient, LinearOutputs, FramedProducts {
  /** u ↦ H_z u, the Hessian of the loss in the outputs; both shaped like the outputs. Costs next to nothing. */
  outputHvp(u: readonly Tensor[]): Tensor[];
  /** v ↦ G v = Jᵀ H_z J v. 4/3 gradients. */
  gaussNewton(v: readonly Tensor[]): Tensor[];
  /** v ↦ (H − G) v, not by the difference. 2 gradients. */
  nme(v: readonly Tensor[]): Tensor[];
  /** v ↦ all three of one v. 8/3 gradients. */
  split(v: readonly Tensor[]): SplitProduct;
  /**
   * Products in fewer coordinates, where some parameters are much larger than the space that H fills of them. What finds
   * them is handed in, so that who asks for none does not load it.
   *
   * @internal
   */
  within?(find: typeof inRange): InRange | undefined;
}

/**
 * Records the gradient of L(w) = ℓ(z(w)) once, and with it the two parts of its Hessian
 *
 *     H = G + NME,  G = Jᵀ H_z J,  NME = Σ_k (∂ℓ/∂z_k) ∇²z_k
 *
 * The gradient ∇L = J(w)ᵀ d, d = ∂ℓ/∂z, is a function of w and d. Its derivative in w at fixed d is NME, its derivative
 * in d is Jᵀ, and d depends on z by H_z: each is a walk over another part of the same record.
 *
 * - Cost: 1 gradient to record.
 *
 * @throws Error if a kernel on the way cannot be differentiated twice, naming it.
 * @see Schraudolph 2002, Fast Curvature Matrix-Vector Products; Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export function linearizeComposition(
  outputs: () => Tensor[],
  outputLoss: (outputs: readonly Tensor[]) => Scalar,
  params: readonly Tensor[],
): LinearComposition {
  return recording((recorder) => {
    const { record, keepOnly, walk } = recorder;
    const { ys: zs, nodes: forward } = record(outputs);
    let read: readonly Tensor[] = [];
    const { ys: loss, nodes: above } = record(() => {
      read = zs.map((z) => clone(z));
      return [asScalar(outputLoss(read))];
    });
    const { ys: ds, nodes: aboveBack } = record(() => pullback(pathBetween(above, zs, loss), loss, [ones([])], zs));
    const down = pathBetween(forward, params, zs);
    let duals: Adjoints = new Map();
    const { ys: grads, nodes: back } = record(() => {
      duals = adjointsAlong(down, zs, ds);
      return adjointsOf(params, duals, ds);
    });

    const all = [...forward, ...above, ...aboveBack, ...back];
    const whole = pathBetween(all, [...params, ...ds], grads);
    const below = pathBetween([...forward, ...back], [...params, ...ds], grads);
    const up = pathBetween(back, ds, grads);
    const across = pathBetween([...above, ...aboveBack], zs, ds);
    keepOnly([whole, below, up, across, down]);

    const recorded = { all, forward, back, duals, ds, read, params };
    const frames = params.map((param, i) => wholeFrame(param, grads[i]!));
    return {
      loss: loss[0] as Scalar,
      outputs: zs,
      grads,
      branches: branchesOn(params, all),
      within: (find: typeof inRange) => find(recorded, whole, grads, recorder),
      ...productsOn(params, zs, {
        own: framedProducts(recorded, frames, recorder),
        jvp: walk(up, grads, ds),
        vjp: walk(down, zs, params),
        outputHvp: walk(across, ds, zs),
      }),
    };
  });
}

/** The walks over a record that its products are made of. */
interface Walks extends Readonly<Record<'jvp' | 'vjp' | 'outputHvp', Walk>> {
  readonly own: FramedProducts;
}

function productsOn(params: readonly Tensor[], zs: readonly Tensor[], { own, ...walks }: Walks) {
  const like = (what: string, v: readonly Tensor[]) => likeParams(what, v, params);
  return {
    ...own,
    hvp: (v: readonly Tensor[]) => tidy(() => own.hvpAndJvp(like('hvp: v', v)).hvp),
    jvp: (v: readonly Tensor[]) => walks.jvp(like('jvp: v', v)),
    vjp: (u: readonly Tensor[]) => walks.vjp(likeParams('vjp: u', u, zs)),
    outputHvp: (u: readonly Tensor[]) => walks.outputHvp(likeParams('outputHvp: u', u, zs)),
    gaussNewton: (v: readonly Tensor[]) => tidy(() => walks.vjp(walks.outputHvp(walks.jvp(like('gaussNewton: v', v))))),
    nme: (v: readonly Tensor[]) => tidy(() => own.nmeAndJvp(like('nme: v', v)).nme),
    split: (v: readonly Tensor[]) =>
      tidy((): SplitProduct => {
        const { nme, jvp } = own.nmeAndJvp(like('split: v', v));
        const gaussNewton = walks.vjp(walks.outputHvp(jvp));
        return { hessian: nme.map((n, i) => add(n, gaussNewton[i]!)), gaussNewton, nme };
      }),
  };
}
