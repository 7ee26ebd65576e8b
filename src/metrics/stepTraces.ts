import type { Variable } from '@tensorflow/tfjs-core';
import type { Step } from '../core/watching.js';
import { type BlocksOptions, blocksOf } from '../curvature/blocksOf.js';
import type { Curvature } from '../curvature/curvature.js';
import type { Estimate } from '../curvature/spectrum/estimate.js';
import { hutchinson, type Traces } from '../curvature/spectrum/hutchinson.js';
import { dot } from '../curvature/spectrum/weightSpace.js';
import { shareOfNorms } from './shareOfNorms.js';
import type { StepCurvature } from './stepCurvature.js';
import { tracesByBlock } from './tracesByBlock.js';

/** The operators whose traces are estimated together. */
export type Traced = 'hessian' | 'gaussNewton' | 'nme';

/** How many random directions: so many, or until the standard error is small enough. */
export interface Sampling {
  readonly samples: number | 'exact';
  readonly standardError: number | undefined;
}

/** H alone where the loop offers no outputs; else H, G and NME of the same directions. */
export interface StepTraces extends Readonly<Partial<Record<Traced, Traces>>> {
  /** The traces of the blocks on the diagonal, by name. */
  blocks(of: Traced, by: BlocksBy): ReadonlyMap<string, Estimate>;
  /** ‖H − G‖_F / ‖H‖_F, of H and NME. */
  share(): Estimate;
}

/**
 * The traces and norms that the probes of a step share, under the same conditions and by as many samples.
 *
 * Cost: 8/3 gradients a sample, 2 where the loop offers no outputs.
 */
export function stepTraces(
  step: Step,
  { key, curvature }: StepCurvature,
  { samples, standardError }: Sampling,
): StepTraces {
  const { dimension, params } = curvature;
  return step.once(`traces, ${samples} samples, standard error ${standardError}, ${key}`, () => {
    const seen = new Map<Traced, Seen>();
    const see = (v: Float64Array, products: Products): Products => {
      for (const [of, av] of Object.entries(products) as [Traced, Float64Array][]) {
        const { forms, squares } = seen.get(of) ?? { forms: [], squares: [] };
        forms.push(formsByParameter(params, v, av));
        squares.push(dot(av, av));
        seen.set(of, { forms, squares });
      }
      return products;
    };
    const { cost, apply, applyAll } = productsOf(curvature);
    const watched = {
      apply: (v: Float64Array) => see(v, apply(v)),
      ...(applyAll && {
        applyAll: (vs: readonly Float64Array[]) => applyAll(vs).map((products, i) => see(vs[i]!, products)),
      }),
    };
    const traces = hutchinson<Traced>(watched, { dimension, samples, standardError, random: step.random });
    step.ledger.evaluated(cost * seen.get('hessian')!.squares.length);
    const exact = samples === 'exact';
    return {
      ...traces,
      blocks: (of: Traced, by: BlocksBy) => tracesByBlock(ownersOf(curvature, by), seen.get(of)!.forms, exact),
      share: () => shareOfNorms(seen.get('nme')!.squares, seen.get('hessian')!.squares, exact),
    };
  });
}

/** Of one v; G and NME where the loop offers outputs. */
type Products = Readonly<Record<Traced, Float64Array>>;

/** Of H, G and NME together, or of H alone. */
function productsOf({ hessian, parts }: Curvature) {
  if (parts) return parts.split;
  const { cost, apply, applyAll } = hessian;
  const named = (hessian: Float64Array): Products => ({ hessian }) as Products;
  return {
    cost,
    apply: (v: Float64Array) => named(apply(v)),
    ...(applyAll && { applyAll: (vs: readonly Float64Array[]) => applyAll(vs).map(named) }),
  };
}

/** What is kept of the products of one operator, sample by sample. */
interface Seen {
  /** vᵀA v, by parameter. */
  readonly forms: number[][];
  /** ‖A v‖² */
  readonly squares: number[];
}

/** What the blocks on the diagonal belong to. */
export type BlocksBy = NonNullable<BlocksOptions['by']>;

/** The block that each parameter is in, by name. */
function ownersOf(curvature: Curvature, by: BlocksBy): string[] {
  const owners = new Map(
    blocksOf(curvature, { by }).flatMap(({ name, params }) => params.map((p) => [p, name] as const)),
  );
  return curvature.params.map((param) => owners.get(param)!);
}

/** Σ vᵢ (A v)ᵢ over each of the parameters. */
function formsByParameter(params: readonly Variable[], v: Float64Array, av: Float64Array): number[] {
  let end = 0;
  return params.map(({ size }) => {
    const start = end;
    end += size;
    return dot(v.subarray(start, end), av.subarray(start, end));
  });
}
