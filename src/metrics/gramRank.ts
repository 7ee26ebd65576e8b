import { checkOneOf } from '../core/checkOneOf.js';
import type { Probe } from '../core/watching.js';
import { type Centering, centerings } from '../linalg/centered.js';
import { type FeatureConditions, featureProbe } from './featureProbe.js';
import { featureSpectrum } from './featureSpectrum.js';
import { effectiveRank } from './spectrum.js';

/** What {@link gramRank} takes. */
export interface GramRankOptions extends FeatureConditions {
  /** What is subtracted from the features first. Default 'none', as the source does. */
  readonly centering?: Centering;
}

/**
 * `gram.effective_rank` [{dimension}] by layer: exp(−Σ pᵢ ln pᵢ), p = λ / Σ λ, λ the eigenvalues of the Gram matrix
 * K = Φ Φᵀ of the features Φ `[batch, features]`, maps flattened; 0 where Φ = 0.
 *
 * λ are the squares of the singular values of Φ, so this is below `features.effective_rank` of the same centring, and tells
 * less of weak directions. It does not exceed the number of examples: compare only values of equally large sets.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation and shared with the other
 * probes of features; then as `featureRank`.
 *
 * @throws RangeError or TypeError if centering is unknown, layers is empty, or the conditions are not sound; when the run
 *   is made, if there is no layer of that name; when measuring, if features are not finite.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2021, arXiv 2103.10427; Roy, Vetterli 2007
 */
export function gramRank({ centering = 'none', ...conditions }: GramRankOptions = {}): Probe {
  checkOneOf('gramRank: centering', centering, centerings);
  return featureProbe('gramRank', { 'gram.effective_rank': '{dimension}' }, conditions, (seen) => {
    const value = effectiveRank(featureSpectrum(seen, centering));
    return [{ name: 'gram.effective_rank', value, attributes: { centering } }];
  });
}
