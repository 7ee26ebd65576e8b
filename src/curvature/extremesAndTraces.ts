import type { Curvature } from './curvature.js';
import { sectionsOf } from './sectionsOf.js';
import { orthogonalize } from './spectrum/basis.js';
import { checkStandardError } from './spectrum/checkStandardError.js';
import type { Eigenpair } from './spectrum/eigenpair.js';
import { type Estimate, LEAST_DRAWS, mean } from './spectrum/estimate.js';
import { rademacher } from './spectrum/rademacher.js';
import { type LanczosOptions, searchSpectrum } from './spectrum/searchSpectrum.js';

/** What {@link extremesAndTraces} takes, besides what `lanczos` does. */
export interface ExtremesAndTracesOptions extends LanczosOptions {
  /** To which the traces are drawn, relative to the larger of |tr H| and tr G. Default 0.03. */
  readonly standardError?: number | undefined;
  /** Random directions to stop at. Default 200. */
  readonly maxSamples?: number | undefined;
}

/** Both ends of the spectrum of H, and the traces of H and of its parts. */
export interface ExtremesAndTraces {
  readonly top: Eigenpair;
  readonly bottom: Eigenpair;
  readonly traces: Readonly<Record<'hessian' | 'gaussNewton' | 'nme', Estimate>>;
  /** Random directions the traces took. */
  readonly samples: number;
  /** In gradient evaluations, the record left out; an upper bound. */
  readonly cost: number;
}

/** More would pay off in noise, and cost more in deep networks: the walks through sections overlap. */
const SECTIONS = 3;

/**
 * λ_max, λ_min, tr H, tr G and tr NME together, cheaper than one by one, for each part in its own way.
 *
 * - Both ends by one Lanczos search, from the gradient unless told otherwise.
 * - G is large in few directions, and the search has met them: tr G is exact in its space, and estimated beside it.
 * - NME is large between layers, of which its trace knows nothing: it is estimated section by section of the parameters, as
 *   tr NME = Σ_s E v_sᵀ NME_ss v_s. In a trained MLP nine tenths of the variance lies between them.
 * - tr H = tr G + tr NME, sample by sample, and its standard error likewise.
 *
 * - Cost: the search, then 2/3 for each of its products and 8/3 at most for each sample; memory: a vector a product.
 *
 * @throws TypeError if the curvature has no parts.
 * @throws RangeError if an option is out of range.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809, for the parts; Gambhir, Stathopoulos, Orginos 2017, arXiv
 *   1603.05988, for deflation
 *
 * @example
 * const { top, bottom, traces } = extremesAndTraces(curvatureOf(objective), { random });
 */
export function extremesAndTraces(curvature: Curvature, options: ExtremesAndTracesOptions): ExtremesAndTraces {
  const { parts, hessian, params, gradient } = curvature;
  if (!parts) throw new TypeError('extremesAndTraces needs outputs and outputLoss of the objective; give it both');
  const { standardError, maxSamples, ...search } = checked(options);
  const { start = gradient } = search;
  const ends = (n: number): number[] => [0, n - 1];
  const found = searchSpectrum('extremesAndTraces', hessian, { ...search, start }, ends);
  const { forms } = parts;
  const known = found.basis.reduce((sum, q) => sum + forms.gaussNewton(q), 0);
  const starts = sectionsOf(params, SECTIONS);
  const seen = { hessian: [] as number[], gaussNewton: [] as number[], nme: [] as number[] };
  for (;;) {
    const v = rademacher(hessian.dimension, search.random);
    const nme = forms.nme(v, starts);
    orthogonalize(v, found.basis);
    const gaussNewton = known + forms.gaussNewton(v);
    seen.gaussNewton.push(gaussNewton);
    seen.nme.push(nme);
    seen.hessian.push(gaussNewton + nme);
    const samples = seen.nme.length;
    if (samples < LEAST_DRAWS) continue;
    const traces = { hessian: mean(seen.hessian), gaussNewton: mean(seen.gaussNewton), nme: mean(seen.nme) };
    if (samples < maxSamples && worst(traces) > standardError) continue;
    const cost =
      found.products * (hessian.cost + forms.cost.gaussNewton) + samples * (forms.cost.gaussNewton + forms.cost.nme);
    return { top: found.pairs[0]!, bottom: found.pairs[1]!, traces, samples, cost };
  }
}

/** The largest standard error, relative to the larger of |tr H| and tr G. */
function worst({ hessian, gaussNewton, nme }: ExtremesAndTraces['traces']): number {
  const error = Math.max(...[hessian, gaussNewton, nme].map(({ standardError }) => standardError));
  return error === 0 ? 0 : error / Math.max(Math.abs(hessian.value), gaussNewton.value);
}

function checked(options: ExtremesAndTracesOptions) {
  const { standardError = 0.03, maxSamples = 200 } = options;
  checkStandardError('extremesAndTraces', standardError);
  if (!(Number.isInteger(maxSamples) && maxSamples >= LEAST_DRAWS)) {
    throw new RangeError(
      `extremesAndTraces: maxSamples must be an integer of at least ${LEAST_DRAWS}, got ${maxSamples}`,
    );
  }
  return { ...options, standardError, maxSamples };
}
