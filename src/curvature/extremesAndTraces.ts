import type { Curvature } from './curvature.js';
import { deflatedGaussNewton } from './deflatedGaussNewton.js';
import { inRange } from './linearize/inRange.js';
import { sectionsOf } from './sectionsOf.js';
import { checkStandardError } from './spectrum/checkStandardError.js';
import type { Eigenvalue } from './spectrum/eigenpair.js';
import { type Estimate, LEAST_DRAWS, mean } from './spectrum/estimate.js';
import { bothEnds } from './spectrum/extremes.js';
import { rademacher } from './spectrum/rademacher.js';
import { type LanczosOptions, searchSpectrum } from './spectrum/searchSpectrum.js';
import { towardsBothEnds } from './towardsBothEnds.js';

/** What {@link extremesAndTraces} takes, besides what `lanczos` does. */
export interface ExtremesAndTracesOptions extends LanczosOptions {
  /** To which the traces are drawn, relative to the larger of |tr H| and tr G. Default 0.03. */
  readonly standardError?: number | undefined;
  /** Random directions to stop at. Default 200. */
  readonly maxSamples?: number | undefined;
}

/** Both ends of the spectrum of H, and the traces of H and of its parts. */
export interface ExtremesAndTraces {
  readonly top: Eigenvalue;
  readonly bottom: Eigenvalue;
  /** A `start` for the next search for both ends, once the weights have moved a little. */
  readonly next: Float64Array;
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
 * - Both ends by one Lanczos search, from NME ∇L unless told otherwise. Each of its products shows G for nothing.
 * - G is large in few directions, and the search has met them: tr G is exact in its space, and estimated beside it.
 * - NME is large between layers, of which its trace knows nothing: it is estimated section by section of the parameters, as
 *   tr NME = Σ_s E v_sᵀ NME_ss v_s. In a trained MLP nine tenths of the variance lies between them.
 * - tr H = tr G + tr NME, sample by sample, and its standard error likewise.
 * - All in the coordinates of `forms.within`, where a network is much wider than its batch: what H gives lies in there.
 *
 * - Cost: 2 gradients for the start, the search, then 2 gradients at most for each sample, by differences 6.
 * - Memory: for each product a vector, of such coordinates where there are, and a float32 of each output, of all examples:
 *   more than the weights where there are many outputs, as in a language model.
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
  const { parts, params, dimension, gradient } = curvature;
  if (!parts) throw new TypeError('extremesAndTraces needs outputs and outputLoss of the objective; give it both');
  const { random, start, ...stop } = checked(options);
  const forms = parts.forms.within?.(inRange) ?? {
    ...parts.forms,
    dimension,
    nmeOperator: parts.nme,
    into: itself,
    out: itself,
  };
  const hint = start
    ? { direction: [start].flat().map(forms.into), cost: 0 }
    : towardsBothEnds({ parts: { nme: forms.nmeOperator }, gradient: forms.into(gradient) });
  const gaussNewton = deflatedGaussNewton();
  const hessian = forms.hessian(gaussNewton.add);
  return searchSpectrum('extremesAndTraces', hessian, { ...stop, random, start: hint.direction }, bothEnds, (found) => {
    const known = gaussNewton.trace();
    const starts = sectionsOf(params, SECTIONS);
    const { traces, samples } = estimated(stop, () => {
      const v = rademacher(forms.dimension, random);
      const { nme, tangent } = forms.nme(v, starts);
      return { gaussNewton: known + gaussNewton.beside(found.space.coordinates(v), tangent), nme };
    });
    const [top, bottom] = found.values as [Eigenvalue, Eigenvalue];
    const cost = hint.cost + found.products * forms.cost.hessian + samples * forms.cost.nme;
    return { top, bottom, next: forms.out(found.next()), traces, samples, cost };
  });
}

const itself = (v: Float64Array): Float64Array => v;

/** Draws until the traces are known as well as is asked for, or there have been too many. */
function estimated(
  { standardError, maxSamples }: { readonly standardError: number; readonly maxSamples: number },
  draw: () => Readonly<Record<'gaussNewton' | 'nme', number>>,
): Pick<ExtremesAndTraces, 'traces' | 'samples'> {
  const seen = { hessian: [] as number[], gaussNewton: [] as number[], nme: [] as number[] };
  for (let samples = 1; ; samples++) {
    const { gaussNewton, nme } = draw();
    seen.gaussNewton.push(gaussNewton);
    seen.nme.push(nme);
    seen.hessian.push(gaussNewton + nme);
    if (samples < LEAST_DRAWS) continue;
    const traces = { hessian: mean(seen.hessian), gaussNewton: mean(seen.gaussNewton), nme: mean(seen.nme) };
    if (samples >= maxSamples || worst(traces) <= standardError) return { traces, samples };
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
