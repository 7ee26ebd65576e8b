import type { Probe, Reading, Step } from '../core/watching.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { checkLayers, hiddenLayers } from './hiddenLayers.js';
import { layerFeatures } from './layerFeatures.js';
import { type ProbeConditions, probedObjective } from './probedObjective.js';
import { setProbe } from './setProbe.js';

/** Which layers a probe of features measures, where and how. */
export interface FeatureConditions extends ProbeConditions {
  /** Names of layers, of any kind: for a residual block, the one that adds. Default: every hidden layer with weights. */
  readonly layers?: readonly string[] | undefined;
}

/** What a layer put out, among the layers that a probe measures. */
export interface FeaturesSeen {
  /** `[examples, features]`, maps flattened. */
  readonly features: RowMajor;
  readonly layer: string;
  readonly layers: readonly string[];
  readonly step: Step;
}

/**
 * A probe of the features of layers, which `read` looks at one layer at a time; `units` of what it measures, by name.
 *
 * Its readings carry the layer, the mode, and the number of examples: what is counted among n examples is bounded by n, so
 * the values of sets of unequal size are series of their own.
 *
 * @throws RangeError or TypeError, in the name of the probe, if layers is empty or the conditions are not sound.
 */
export function featureProbe(
  name: string,
  units: Readonly<Record<string, string>>,
  { layers, ...conditions }: FeatureConditions,
  read: (seen: FeaturesSeen) => readonly Reading[],
): Probe {
  checkLayers(name, layers);
  const measures = Object.entries(units).map(([name, unit]) => ({ name, unit }));
  return setProbe(name, measures, { features: layers ?? true }, conditions, (step) => {
    const { mode } = probedObjective(step, name, conditions);
    const names = hiddenLayers(step, name, layers);
    return layerFeatures(step, name, names, conditions).flatMap((features, i) => {
      const layer = names[i]!;
      const common = { layer, examples: features.rows, ...(mode && { mode }) };
      return read({ features, layer, layers: names, step }).map((reading) => ({
        ...reading,
        attributes: { ...common, ...reading.attributes },
      }));
    });
  });
}
