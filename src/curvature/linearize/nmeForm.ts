import { addN, mul, scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { numbersIn, originsIn } from '../tape/originsIn.js';
import { type Adjoints, adjointsAlong, adjointsOf, pathBetween, pullback } from '../tape/pullback.js';
import type { TapeNode } from '../tape/tape.js';
import { entering, type Frame, outOf } from './frame.js';

/** Something, and J v, shaped like the outputs, which was met on the way. */
export type WithJvp<T> = T & { readonly jvp: Tensor[] };

/** The record of some parameters on their way to outputs z, and of the gradient Jᵀ d on its way back. */
export interface ThereAndBack {
  readonly forward: readonly TapeNode[];
  readonly back: readonly TapeNode[];
  /** δ_x = ∂⟨d, z⟩/∂x of the tensors x on the way. */
  readonly duals: Adjoints;
  readonly ds: readonly Tensor[];
  readonly params: readonly Tensor[];
  /** Of each parameter. */
  readonly frames: readonly Frame[];
}

/**
 * v ↦ vᵀ NME v, and J v behind it. The derivative of ⟨v, Jᵀ d⟩ flows up the way back. In each δ_x it meets the tangent
 * x' = ∂ᵥx, for δ_x enters linearly; in each x that the way back has read it leaves a part a_x of
 *
 *     NME v = Σ_x (∂x/∂w)ᵀ a_x,  so that  vᵀ NME v = Σ_x ⟨x', a_x⟩
 *
 * and the way down to the parameters, half the work of NME v, need not be taken. Where a frame has what flows to e = δ Wᵀ
 * in place of W, ⟨W', a_W⟩ is ⟨δ W'ᵀ, a_e⟩, and δ W'ᵀ is what entered at h.
 *
 * - Cost: 4/3 gradients if v moves all parameters.
 */
export function nmeForm(record: ThereAndBack): (z: readonly Tensor[]) => Tensor[] {
  const { forward, back, duals, ds, params, frames } = record;
  const ys = frames.flatMap((frame) => frame.ys);
  const origin = originsIn(forward);
  const numbers = numbersIn(forward);
  const away = new Set(params.filter((param, i) => !frames[i]!.xs.includes(param)).map(({ id }) => id));
  const read = readOnTheWayBack(record).filter((x) => !away.has(numbers(x)));
  const gates = gatesOf(frames);
  const up = pathBetween(back, [...read, ...gates.map(({ e }) => e), ...ds], ys);
  return (z) => {
    const dys = entering(frames, z);
    const adjoints = adjointsAlong(up, ys, dys);
    const left = read.filter((x) => adjoints.has(x.id));
    const dualOf = (x: Tensor): Tensor | undefined => duals.get(origin(x));
    const forms = left.flatMap((x) => {
      const tangent = adjoints.get(dualOf(x)?.id ?? -1);
      return tangent ? [inner(adjoints.get(x.id)!, tangent)] : [];
    });
    for (const { e, at } of gates) if (adjoints.has(e.id)) forms.push(inner(adjoints.get(e.id)!, dys[at]!));
    // Read by a custom gradient, and on the way to nothing else: there is no dual to read the tangent from.
    const strays = left.filter((x) => !dualOf(x));
    if (strays.length > 0) {
      const strayed = strays.map((x) => adjoints.get(x.id)!);
      const down = pullback(pathBetween(forward, params, strays), strays, strayed, params);
      forms.push(...outOf(frames, z).map((v, i) => inner(down[i]!, v)));
    }
    return [forms.length > 0 ? addN(forms) : scalar(0), ...adjointsOf(ds, adjoints, dys)];
  };
}

/** Where a frame takes what flows to e, and the place of what enters at h. */
function gatesOf(frames: readonly Frame[]): readonly { readonly e: Tensor; readonly at: number }[] {
  let at = -1;
  return frames.flatMap(({ xs: [, e], ys }) => {
    at += ys.length;
    return e ? [{ e, at }] : [];
  });
}

/** What depends on the parameters, among all that the way back reads. */
function readOnTheWayBack({ forward, back, params }: ThereAndBack): Tensor[] {
  const made = new Set([...params, ...forward.flatMap(({ outputs }) => outputs)].map(({ id }) => id));
  const inputs = back.flatMap((node) => Object.values(node.inputs)).filter((x): x is Tensor => x != null);
  const read = new Map(inputs.filter(({ id }) => made.has(id)).map((x) => [x.id, x]));
  const moved = pathBetween(forward, params, [...read.values()]).flatMap(({ node }) => node.outputs);
  const depends = new Set([...params, ...moved].map(({ id }) => id));
  return [...read.values()].filter(({ id }) => depends.has(id));
}

const inner = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b));
