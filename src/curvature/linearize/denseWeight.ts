import { BatchMatMul, Identity, Reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { numbersIn } from '../tape/originsIn.js';
import type { Path } from '../tape/pullback.js';
import type { TapeNode } from '../tape/tape.js';
import type { RecordedGradient } from './framedProducts.js';

/**
 * A matrix W `[n, m]` that is multiplied once, by b rows: y = h W, so that with δ = ∂L/∂y on the way back ∇W = hᵀδ and,
 * where h moves, e = δ Wᵀ. Each may have dimensions of 1 before its last two.
 */
export interface DenseWeight {
  /** As ∇W reads them. */
  readonly h: Tensor;
  readonly delta: Tensor;
  /** The same as it keeps them. */
  readonly kept: readonly [h: Tensor, delta: Tensor];
  readonly y: Tensor;
  readonly e: Tensor | undefined;
}

/**
 * Finds it by what is made of it on the way back, for on the way there it may be in a fused kernel, as in tfjs-layers.
 * Undefined where the path reads W for anything else.
 *
 * @param path between the parameters and their gradients.
 */
export function denseWeight(
  { all, duals }: RecordedGradient,
  path: Path,
  weight: Tensor,
  grad: Tensor,
): DenseWeight | undefined {
  const origin = numbersIn(all);
  const same = (a: Tensor | null | undefined, b: Tensor | null | undefined): boolean =>
    a != null && b != null && origin(a) === origin(b) && a.shape.at(-1) === b.shape.at(-1);
  const working = path
    .map(({ node }) => node)
    .filter(({ kernelName }) => kernelName !== Identity && kernelName !== Reshape);
  const last = working.find(({ outputs }) => outputs.some((made) => same(made, grad)));
  if (!last || !isProduct(last, true, false)) return undefined;
  const { a: h, b: delta } = last.inputs as { readonly a: Tensor; readonly b: Tensor };
  const uses = working.filter(({ inputs }) => Object.values(inputs).some((x) => x && origin(x) === weight.id));
  const there = uses.find(({ outputs }) => same(duals.get(outputs[0]!.id), delta));
  const back = uses.find(
    (node) => isProduct(node, false, true) && same(node.inputs.a, delta) && same(node.inputs.b, weight),
  );
  if (!there || uses.length !== (back ? 2 : 1)) return undefined;
  const kept = last.saved as [Tensor2D, Tensor2D];
  return { h, delta, kept, y: there.outputs[0]!, e: back?.outputs[0] };
}

/** Whether it multiplies two matrices, and how. */
function isProduct({ kernelName, inputs, attrs }: TapeNode, transposeA: boolean, transposeB: boolean): boolean {
  if (kernelName !== BatchMatMul) return false;
  const flags = attrs as { readonly transposeA: boolean; readonly transposeB: boolean };
  return (
    flags.transposeA === transposeA &&
    flags.transposeB === transposeB &&
    [inputs.a!, inputs.b!].every(({ size, shape }) => size === shape.at(-1)! * shape.at(-2)!)
  );
}
