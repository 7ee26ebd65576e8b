import {
  add,
  addN,
  mul,
  ones,
  type Scalar,
  sum,
  type Tensor,
  tidy,
  type Variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { atWeights } from '../../core/atWeights.js';
import { asScalar } from '../linearize/asScalar.js';
import { likeParams } from '../linearize/likeParams.js';
import type { LinearComposition, SplitProduct } from '../linearize/linearizeComposition.js';
import { branchesOn, pathBetween, pullback } from '../tape/pullback.js';
import { recording } from '../tape/recording.js';
import { centralDifference } from './centralDifference.js';
import { pulled, slopeOf } from './slopeOf.js';

/**
 * The gradient of L(w) = ℓ(z(w)) around the weights it has now, and the parts of its Hessian, by central differences. With
 * d = ∂ℓ/∂z, of which ∇L = J(w)ᵀ d(z(w)),
 *
 *     J v = ∂ᵥ z(w),  G v = Jᵀ ∂ᵥ d(z(w)),  NME v = ∂ᵥ J(w)ᵀ d at fixed d
 *
 * - Cost: 1 gradient, then each product as by `linearizeComposition`: H and NME 2, G 4/3, all three 8/3; the form of NME 2 of
 *   every v, whichever parameters it moves.
 * - Weights and data: as of `differenceGradient`.
 *
 * @throws Error if a kernel on the way has no first derivative, naming it.
 */
export function differenceComposition(
  outputs: () => Tensor[],
  outputLoss: (outputs: readonly Tensor[]) => Scalar,
  params: readonly Variable[],
): LinearComposition {
  return recording(({ record, keepOnly }) => {
    const { ys: here } = record(() => [...params]);
    const { ys: zs, nodes: forward } = record(outputs);
    const { ys: loss, nodes: above } = record(() => [asScalar(outputLoss(zs))]);
    const { ys: ds, nodes: aboveBack } = record(() => pullback(pathBetween(above, zs, loss), loss, [ones([])], zs));
    const down = pathBetween(forward, params, zs);
    const { ys: grads, nodes: back } = record(() => pullback(down, zs, ds, params));
    keepOnly([down]);

    const slopeAt = (z: readonly Tensor[]): Tensor[] => slopeOf(() => outputLoss(z), z);
    const along = (f: () => Tensor[]) => centralDifference((weights) => atWeights(params, weights, f), here);
    const gradientAlong = along(() => slopeOf(() => outputLoss(outputs()), params));
    const outputsAlong = along(outputs);
    const slopeAlong = along(() => slopeAt(outputs()));
    const pulledAlong = along(() => pulled(outputs, () => ds, params).grads);
    const bothAlong = along(() => {
      const { ys, grads } = pulled(outputs, () => ds, params);
      return [...grads, ...slopeAt(ys)];
    });
    const listed = ({ grads, ys }: ReturnType<typeof pulled>): Tensor[] => [...grads, ...ys];
    const gradientAndOutputsAlong = along(() => listed(pulled(outputs, slopeAt, params)));
    const pulledAndOutputsAlong = along(() => listed(pulled(outputs, () => ds, params)));
    const across = centralDifference(slopeAt, zs);

    const like = (what: string, v: readonly Tensor[]) => likeParams(what, v, params);
    /** What is shaped like the parameters, and what like the outputs. */
    const halves = (both: readonly Tensor[]) => [both.slice(0, params.length), both.slice(params.length)] as const;
    const vjp = (u: readonly Tensor[]) => pullback(down, zs, likeParams('vjp: u', u, zs), params);
    return {
      loss: loss[0] as Scalar,
      outputs: zs,
      grads,
      branches: branchesOn(params, [...forward, ...above, ...aboveBack, ...back]),
      hvp: (v: readonly Tensor[]) => gradientAlong(like('hvp: v', v)),
      jvp: (v: readonly Tensor[]) => outputsAlong(like('jvp: v', v)),
      vjp,
      outputHvp: (u: readonly Tensor[]) => across(likeParams('outputHvp: u', u, zs)),
      gaussNewton: (v: readonly Tensor[]) => tidy(() => vjp(slopeAlong(like('gaussNewton: v', v)))),
      nme: (v: readonly Tensor[]) => pulledAlong(like('nme: v', v)),
      hvpAndJvp: (v: readonly Tensor[]) => {
        const [hvp, jvp] = halves(gradientAndOutputsAlong(like('hvpAndJvp: v', v)));
        return { hvp, jvp, slopes: across(jvp) };
      },
      nmeAndJvp: (v: readonly Tensor[]) => {
        const [nme, jvp] = halves(pulledAndOutputsAlong(like('nmeAndJvp: v', v)));
        return { nme, jvp };
      },
      nmeForm: (v: readonly Tensor[], from: number, to: number) =>
        tidy(() => {
          const own = like('nmeForm: v', v).map((x, i) => (from <= i && i < to ? x : zerosLike(x)));
          const [nme, jvp] = halves(pulledAndOutputsAlong(own));
          return { nme: addN(own.map((x, i) => sum(mul(x, nme[i]!)))) as Scalar, jvp };
        }),
      split: (v: readonly Tensor[]) =>
        tidy((): SplitProduct => {
          const [nme, slopes] = halves(bothAlong(like('split: v', v)));
          const gaussNewton = vjp(slopes);
          return { hessian: nme.map((n, i) => add(n, gaussNewton[i]!)), gaussNewton, nme };
        }),
    };
  });
}
