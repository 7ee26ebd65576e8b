import type { Centering } from '../linalg/centered.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { squaredSingularValues } from '../linalg/squaredSingularValues.js';
import type { FeaturesSeen } from './featureProbe.js';

/** The squares of the singular values of the centred features of a layer, largest first; found once a step for all probes. */
export function featureSpectrum({ features, step }: FeaturesSeen, centering: Centering): Float64Array {
  const known = step.once(`spectra of features, centering ${centering}`, () => new Map<RowMajor, Float64Array>());
  const found = known.get(features) ?? squaredSingularValues(features, centering);
  known.set(features, found);
  return found;
}
