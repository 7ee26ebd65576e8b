import { tidy } from '@tensorflow/tfjs-core';
import { required } from '../core/required.js';
import type { Step } from '../core/watching.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { type ProbeConditions, probedObjective, setOf } from './probedObjective.js';
import { type HostTensor, readBack } from './readBack.js';

/**
 * What layers put out, each as a matrix `[batch, features]` on the host: an example a row, maps and sequences flattened.
 *
 * Read back once a step for all probes that ask under the same conditions.
 *
 * Cost: a forward pass for all layers that nobody has asked for yet, counted as a third of a gradient evaluation.
 */
export function layerFeatures(
  step: Step,
  who: string,
  layers: readonly string[],
  conditions: ProbeConditions,
): readonly RowMajor[] {
  const { mode = 'inference' } = conditions;
  const known = step.once(`features, ${setOf(conditions)}, mode ${mode}`, () => new Map<string, RowMajor>());
  const wanted = [...new Set(layers)].filter((layer) => !known.has(layer));
  if (wanted.length > 0) {
    const read = readFeatures(step, who, wanted, conditions);
    wanted.forEach((layer, i) => known.set(layer, read[i]!));
  }
  return layers.map((layer) => known.get(layer)!);
}

function readFeatures(step: Step, who: string, layers: readonly string[], conditions: ProbeConditions): RowMajor[] {
  const { features } = required(who, probedObjective(step, who, conditions), 'features');
  step.ledger.evaluated(1 / 3);
  let read: RowMajor[] = [];
  tidy(() => {
    const found = features(layers);
    if (found.length !== layers.length) {
      throw new TypeError(
        `${who}: features must give a tensor for each of ${layers.join(', ')}, got ${found.length ?? found}`,
      );
    }
    read = found.map((tensor, i) => finite(flattened(readBack(() => tensor)), who, layers[i]!));
  });
  return read;
}

/** The eigenvalues of anything else would be sought without end. */
function finite(features: RowMajor, who: string, layer: string): RowMajor {
  if (features.values.every(Number.isFinite)) return features;
  throw new RangeError(`${who}: features of ${layer} are not finite`);
}

const flattened = ({ shape: [rows = 1], values }: HostTensor): RowMajor => ({
  rows,
  columns: values.length / rows,
  values,
});
