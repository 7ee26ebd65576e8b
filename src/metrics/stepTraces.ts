import type { Step } from '../core/watching.js';
import { type Estimate, hutchinson, type Traces } from '../curvature/hutchinson.js';
import { dot } from '../curvature/weightSpace.js';
import { shareOfNorms } from './shareOfNorms.js';
import type { StepCurvature } from './stepCurvature.js';

/** H alone where the loop offers no outputs; else H, G and NME of the same directions. */
export interface StepTraces {
  readonly hessian: Traces;
  readonly gaussNewton?: Traces;
  readonly nme?: Traces;
  /** ‖H − G‖_F / ‖H‖_F */
  readonly share?: Estimate;
}

/**
 * The traces and norms that the probes of a step share, under the same conditions and by as many samples.
 *
 * Cost: 8/3 gradients a sample, 2 where the loop offers no outputs.
 */
export function stepTraces(step: Step, { key, curvature }: StepCurvature, samples: number | 'exact'): StepTraces {
  const { dimension, hessian, parts } = curvature;
  return step.once(`traces, ${samples} samples, ${key}`, () => {
    const { cost } = parts?.split ?? hessian;
    step.ledger.evaluated(cost * (samples === 'exact' ? dimension : samples));
    const options = { dimension, samples, random: step.random };
    if (!parts) return hutchinson((v) => ({ hessian: hessian.apply(v) }), options);
    const squares: { readonly nme: number[]; readonly hessian: number[] } = { nme: [], hessian: [] };
    const traces = hutchinson((v) => {
      const products = parts.split.apply(v);
      squares.nme.push(dot(products.nme, products.nme));
      squares.hessian.push(dot(products.hessian, products.hessian));
      return products;
    }, options);
    return { ...traces, share: shareOfNorms(squares.nme, squares.hessian, samples === 'exact') };
  });
}
