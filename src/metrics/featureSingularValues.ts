import { checkOneOf } from '../core/checkOneOf.js';
import type { Probe } from '../core/watching.js';
import { type Centering, centerings } from '../linalg/centered.js';
import { type FeatureConditions, featureProbe } from './featureProbe.js';
import { featureSpectrum } from './featureSpectrum.js';
import { thinned } from './thinned.js';

/** What {@link featureSingularValues} takes. */
export interface FeatureSingularValuesOptions extends FeatureConditions {
  /** What is subtracted from the features first. Default 'columns', as principal components do. */
  readonly centering?: Centering;
}

/**
 * `features.singular_values` [1] by layer: the points (i, sᵢ), s the singular values of the centred features Φ
 * `[batch, features]`, maps flattened, largest first; min(batch, features) of them, zeros included.
 *
 * Read across, i of the values are at least sᵢ: the whole distribution, of which the ranks of `featureRank` are summaries.
 * Values below 1e-8 of the largest are noise. Of more than 1,000 every k-th is told.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation and shared with the other
 * probes of features; the eigenvalue problem of a layer is shared with `featureRank` and `gramRank` of the same centring.
 *
 * @throws RangeError or TypeError if centering is unknown, layers is empty, or the conditions are not sound; when the run
 *   is made, if there is no layer of that name; when measuring, if features are not finite.
 * @see Andriushchenko, Bahri, Mobahi, Flammarion 2023, arXiv 2305.16292
 *
 * @example
 * instrument(model, { metrics: [[featureSingularValues({ on: probeSet({ x, y }) }), logSpaced(3)]] });
 */
export function featureSingularValues(options: FeatureSingularValuesOptions = {}): Probe {
  const { centering = 'columns', ...conditions } = options;
  checkOneOf('featureSingularValues: centering', centering, centerings);
  return featureProbe('featureSingularValues', { 'features.singular_values': '1' }, conditions, (seen) => {
    const y = Array.from(featureSpectrum(seen, centering), Math.sqrt);
    const value = thinned({ x: y.map((_, i) => i + 1), y });
    return [{ name: 'features.singular_values', value, attributes: { centering } }];
  });
}
