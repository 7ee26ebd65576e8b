import type { Objective } from '../core/objective.js';
import { type Batches, meanOver, type Progress } from './batches.js';
import type { Curvature, CurvatureParts, Tangent } from './curvature.js';
import { type CurvatureOptions, curvatureOf, recordCost } from './curvatureOf.js';
import type { Operator } from './spectrum/operator.js';

export type { Batches, Progress } from './batches.js';

/** What {@link curvatureOver} takes. */
export interface CurvatureOverOptions extends CurvatureOptions {
  /** Called after each batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * The curvature of the mean loss over all examples of many batches, at the memory of one: each pass records batch after
 * batch, multiplies, and lets go. Batches may differ in size; each counts by its examples,
 *
 *     H = Σ_b n_b H_b / Σ_b n_b,  and so G, NME, loss and gradient
 *
 * which is exact for losses that are means over the batch. Several vectors multiplied together are recorded for once.
 *
 * - Cost, in gradients of the whole set: 1 now; then for each product 1 and that of `curvatureOf`.
 * - The tangents of `parts.forms` are as long as the outputs of all examples; `extremesAndTraces` keeps one for each product.
 * - Each pass is at the weights of its time: let them be until `dispose`. What a list holds stays the caller's; the tensors
 *   of a function's batches are disposed of once they have been used.
 *
 * @throws TypeError if the objective cannot be evaluated on another batch.
 * @throws RangeError if there is no example, or a later pass has more or fewer than the first; and what `curvatureOf` throws.
 *
 * @example
 * const { hessian } = curvatureOver(objective, function* () {
 *   for (let at = 0; at < count; at += 512) yield { x: images(at, at + 512), y: labels(at, at + 512) };
 * });
 */
export function curvatureOver(
  objective: Objective,
  batches: Batches,
  { onProgress, ...options }: CurvatureOverOptions = {},
): Curvature {
  let alive = true;
  const mean = meanOver(objective, batches, options, onProgress);
  let [example, branches]: [Curvature | undefined, boolean] = [undefined, false];
  const [gradient, loss] = mean((curvature) => {
    example ??= curvature;
    branches ||= curvature.branches;
    return [curvature.gradient, Float64Array.of(curvature.loss)];
  });
  const { engine, params, dimension, hessian, parts } = example!;
  const ofPenalty = parts && objective.penalty && curvatureOf({ step: 0, params, loss: objective.penalty }, options);

  const product: ProductOver = (name, of) => (vs) => {
    if (!alive) throw new Error(`${name}: this curvature is disposed of; take its products before dispose()`);
    return mean((curvature, share) => vs.flatMap((v) => of(curvature, v, share)));
  };
  const operator = (name: string, cost: number, of: (curvature: Curvature) => Operator): Operator => {
    const applyAll = product(name, (curvature, v) => [of(curvature).apply(v)]);
    return { dimension, cost: recordCost + cost, shared: recordCost, apply: (v) => applyAll([v])[0]!, applyAll };
  };
  return {
    engine,
    params,
    dimension,
    loss: loss![0]!,
    gradient: gradient!,
    branches,
    hessian: operator('hessian', hessian.cost, (curvature) => curvature.hessian),
    ...(parts && { parts: partsOver(parts, operator, product) }),
    ...(ofPenalty && { penalty: ofPenalty.hessian }),
    dispose() {
      alive = false;
      ofPenalty?.dispose();
    },
  };
}

/** The mean over all batches of as many vectors for each v. */
type ProductOver = (
  name: string,
  of: (curvature: Curvature, v: Float64Array, share: number) => Float64Array[],
) => (vs: readonly Float64Array[]) => Float64Array[];

function partsOver(
  { gaussNewton, nme, split, forms }: CurvatureParts,
  operator: (name: string, cost: number, of: (curvature: Curvature) => Operator) => Operator,
  product: ProductOver,
): CurvatureParts {
  const splits = product('split', (curvature, v) => {
    const { hessian, gaussNewton, nme } = curvature.parts!.split.apply(v);
    return [hessian, gaussNewton, nme];
  });
  const applyAll = (vs: readonly Float64Array[]) => {
    const found = splits(vs);
    return vs.map((_, i) => ({ hessian: found[3 * i]!, gaussNewton: found[3 * i + 1]!, nme: found[3 * i + 2]! }));
  };
  return {
    gaussNewton: operator('gaussNewton', gaussNewton.cost, (curvature) => curvature.parts!.gaussNewton),
    nme: operator('nme', nme.cost, (curvature) => curvature.parts!.nme),
    split: { cost: recordCost + split.cost, shared: recordCost, apply: (v) => applyAll([v])[0]!, applyAll },
    forms: {
      cost: { hessian: recordCost + forms.cost.hessian, nme: recordCost + forms.cost.nme },
      hessian(see) {
        const apply = (v: Float64Array): Float64Array => {
          const tangents = gathered();
          const hv = product('hessian', (curvature, v, share) => [
            curvature.parts!.forms.hessian((tangent) => tangents.add(tangent, share)).apply(v),
          ])([v])[0]!;
          see(tangents.all());
          return hv;
        };
        return { dimension: gaussNewton.dimension, cost: recordCost + forms.cost.hessian, apply };
      },
      nme(v, starts) {
        const tangents = gathered();
        const [nme] = product('nme', (curvature, v, share) => {
          const { nme, tangent } = curvature.parts!.forms.nme(v, starts);
          tangents.add(tangent, share);
          return [Float64Array.of(nme)];
        })([v]);
        return { nme: nme![0]!, tangent: tangents.all() };
      },
    },
  };
}

/** The tangents of batches, one behind the other: G is the mean of theirs, so slopes shrink by their share of the examples. */
function gathered() {
  const parts: Tangent[] = [];
  return {
    add({ outputs, slopes }: Tangent, share: number): void {
      parts.push({ outputs, slopes: slopes.map((slope) => slope * share) });
    },
    all: (): Tangent => ({
      outputs: joined(parts.map(({ outputs }) => outputs)),
      slopes: joined(parts.map(({ slopes }) => slopes)),
    }),
  };
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
