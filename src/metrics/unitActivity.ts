import { checkFraction, checkNonNegative } from '../core/checkNumber.js';
import type { Probe } from '../core/watching.js';
import { columnsBeyond } from '../linalg/columnsBeyond.js';
import { distinctColumns } from '../linalg/distinctColumns.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { type FeatureConditions, featureProbe } from './featureProbe.js';

/** What {@link unitActivity} takes. */
export interface UnitActivityOptions extends FeatureConditions {
  /** What a unit must exceed to be on. Default 0, for ReLU; the source takes 0.05 for smooth activations. */
  readonly threshold?: number;
  /** Correlation from which on two units are one, in (0, 1). Default 0.95; the source takes 0.999 for its smallest networks. */
  readonly correlation?: number;
}

/**
 * Which units of a layer are in use on a set of examples, by layer. With φ the features `[batch, units]`, maps flattened:
 *
 * - `features.active_units` [{unit}], units with |φ| > threshold on some example
 * - `features.dead_units` [{unit}], all the others
 * - `features.density` [1], share of all φ that are > threshold
 * - `features.distinct_units` [{unit}], what remains of the active units when of each pair with |correlation| above the
 *   bound one goes; left out for layers of more than 1,024 active units, since all pairs are compared
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation and shared with the other
 * probes of features; then, on the host, up to units² · batch / 2 multiplications for each layer.
 *
 * @throws RangeError or TypeError if threshold is negative or not finite, correlation is not within (0, 1), layers is
 *   empty, or the conditions are not sound; when the run is made, if there is no layer of that name; when measuring, if
 *   features are not finite.
 * @see Andriushchenko, Bahri, Mobahi, Flammarion 2023, arXiv 2305.16292 (its code: `featurePresets`), which takes for distinct units only those with
 *   φ > 0 somewhere, which for ReLU is the same
 */
export function unitActivity(options: UnitActivityOptions = {}): Probe {
  const { threshold = 0, correlation = 0.95, ...conditions } = options;
  checkNonNegative('unitActivity: threshold', threshold);
  checkFraction('unitActivity: correlation', correlation);
  const attributes = { threshold };
  return featureProbe('unitActivity', UNITS, conditions, ({ features }) => {
    const active = columnsBeyond(features, threshold);
    const readings = [
      { name: 'features.active_units', value: active.columns, attributes },
      { name: 'features.dead_units', value: features.columns - active.columns, attributes },
      { name: 'features.density', value: shareBeyond(features, threshold), attributes },
    ];
    if (active.columns > MOST_COMPARED) return readings;
    const value = distinctColumns(active, correlation);
    return [...readings, { name: 'features.distinct_units', value, attributes: { threshold, correlation } }];
  });
}

const UNITS = {
  'features.active_units': '{unit}',
  'features.dead_units': '{unit}',
  'features.density': '1',
  'features.distinct_units': '{unit}',
};

const MOST_COMPARED = 1024;

function shareBeyond({ values }: RowMajor, threshold: number): number {
  let beyond = 0;
  for (const x of values) if (x > threshold) beyond++;
  return beyond / values.length;
}
