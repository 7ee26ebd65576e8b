import type { Ledger, Step } from '../core/watching.js';
import { type BlockForms, blockForms } from '../curvature/blockForms.js';
import { type BlocksOptions, blocksOf } from '../curvature/blocksOf.js';
import type { Curvature } from '../curvature/curvature.js';
import type { Estimate } from '../curvature/spectrum/estimate.js';
import type { NamedProducts } from '../curvature/spectrum/forms.js';
import { hutchinson, type Traces } from '../curvature/spectrum/hutchinson.js';
import { productsOf } from '../curvature/spectrum/productsOf.js';
import { dot } from '../linalg/dot.js';
import { shareOfNorms } from './shareOfNorms.js';
import type { StepCurvature } from './stepCurvature.js';

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
 * Cost: 8/3 gradients a sample, 2 where the loop offers no outputs; in parts one more for every 8 samples.
 */
export function stepTraces(
  step: Step,
  { key, curvature }: StepCurvature,
  { samples, standardError }: Sampling,
): StepTraces {
  const { dimension } = curvature;
  return step.once(`traces, ${samples} samples, standard error ${standardError}, ${key}`, () => {
    const { products, seen } = watched(curvature, step.ledger);
    const traces = hutchinson(products, { dimension, samples, standardError, random: step.random });
    const exact = samples === 'exact';
    return {
      ...traces,
      blocks: (of: Traced, by: BlocksBy) => seen.get(of)!.blocks[by].traces(exact),
      share: () => shareOfNorms(seen.get('nme')!.squares, seen.get('hessian')!.squares, exact),
    };
  });
}

/** What is kept of the products of one operator, sample by sample. */
interface Seen {
  /** vᵀA v of the blocks on the diagonal. */
  readonly blocks: Readonly<Record<BlocksBy, BlockForms>>;
  /** ‖A v‖² */
  readonly squares: number[];
}

/** The products of H, G and NME, or of H alone where there are no outputs; they are counted, and seen as they pass. */
function watched(curvature: Curvature, ledger: Ledger) {
  const { hessian, parts } = curvature;
  const { cost, shared = 0 } = parts?.split ?? hessian;
  const [layers, parameters] = [blocksOf(curvature), blocksOf(curvature, { by: 'parameter' })];
  const seen = new Map<Traced, Seen>();
  const spend = (count: number): void => ledger.evaluated(count * cost - (count - 1) * shared);
  const see = (v: Float64Array, products: Products): Products => {
    for (const [of, av] of Object.entries(products) as [Traced, Float64Array][]) {
      if (!seen.has(of)) {
        seen.set(of, { blocks: { layer: blockForms(layers), parameter: blockForms(parameters) }, squares: [] });
      }
      const { blocks, squares } = seen.get(of)!;
      for (const forms of Object.values(blocks)) forms.see(v, av);
      squares.push(dot(av, av));
    }
    return products;
  };
  const { apply, applyAll } = parts?.split ?? (productsOf('hessian', hessian) as NamedProducts<Traced>);
  const products: NamedProducts<Traced> = {
    apply(v) {
      spend(1);
      return see(v, apply(v));
    },
    ...(applyAll && {
      applyAll(vs: readonly Float64Array[]) {
        spend(vs.length);
        return applyAll(vs).map((all, i) => see(vs[i]!, all));
      },
    }),
  };
  return { products, seen };
}

/** Of one v; G and NME where the loop offers outputs. */
type Products = Readonly<Record<Traced, Float64Array>>;

/** What the blocks on the diagonal belong to. */
export type BlocksBy = NonNullable<BlocksOptions['by']>;
