import { checkFraction } from '../core/checkNumber.js';
import { checkOneOf } from '../core/checkOneOf.js';
import type { Probe } from '../core/watching.js';
import { type Centering, centerings } from '../linalg/centered.js';
import { type FeatureConditions, featureProbe } from './featureProbe.js';
import { featureSpectrum } from './featureSpectrum.js';
import { spectrum } from './spectrum.js';

/** What {@link featureRank} takes. */
export interface FeatureRankOptions extends FeatureConditions {
  /** Share of the variance that the leading directions must hold, in (0, 1). Default 0.99. */
  readonly threshold?: number;
  /** What is subtracted from the features first. Default 'columns', as principal components do. */
  readonly centering?: Centering;
}

/**
 * How many directions the features of a layer fill, by layer.
 *
 * With s the singular values of the centred matrix Φ `[batch, features]`, maps flattened, and p = s / Σ s:
 *
 * - `features.rank` [{dimension}], the smallest k with Σ_{i≤k} sᵢ² ≥ threshold · Σ sᵢ²; 0 where Φ = 0
 * - `features.effective_rank` [{dimension}], exp(−Σ pᵢ ln pᵢ)
 * - `features.spectral_entropy` [1], −Σ pᵢ ln pᵢ, in nats
 * - `features.stable_rank` [{dimension}], Σ sᵢ² / max sᵢ²
 *
 * None exceeds the number of examples: compare only values of equally large sets, best of one fixed set.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation; then for each layer, on the
 * host in float64, an eigenvalue problem of the size n = min(batch, features), about 0.3 s for n = 512; or by a kernel of the
 * backend where it has one, as tensorflow has by `loadTensorFlow`, 0.04 s.
 *
 * @throws RangeError if threshold is not within (0, 1), centering is unknown, layers is empty, or the conditions are not
 *   sound; when the run is made, if there is no layer of that name; when measuring, if features are not finite.
 * @see Andriushchenko, Bahri, Mobahi, Flammarion 2023, arXiv 2305.16292 (its code: `featurePresets`); Roy, Vetterli 2007
 *
 * @example
 * instrument(model, { metrics: [[featureRank({ layers: ['dense_1'], on: { x, y } }), every(50)]] });
 */
export function featureRank(options: FeatureRankOptions = {}): Probe {
  const { threshold = 0.99, centering = 'columns', ...conditions } = options;
  checkOneOf('featureRank: centering', centering, centerings);
  checkFraction('featureRank: threshold', threshold);
  return featureProbe('featureRank', UNITS, conditions, (seen) => {
    const { rank, effectiveRank, spectralEntropy, stableRank } = spectrum(featureSpectrum(seen, centering), threshold);
    const attributes = { threshold, centering };
    return [
      { name: 'features.rank', value: rank, attributes },
      { name: 'features.effective_rank', value: effectiveRank, attributes },
      { name: 'features.spectral_entropy', value: spectralEntropy, attributes },
      { name: 'features.stable_rank', value: stableRank, attributes },
    ];
  });
}

const UNITS = {
  'features.rank': '{dimension}',
  'features.effective_rank': '{dimension}',
  'features.spectral_entropy': '1',
  'features.stable_rank': '{dimension}',
};
