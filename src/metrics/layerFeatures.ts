import type { Batch, Step } from '../core/types.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { type ProbeConditions, probedObjective } from './probedObjective.js';
import { type HostTensor, readBack } from './readBack.js';

/**
 * What a layer puts out, as a matrix `[batch, features]` on the host: an example a row, maps and sequences flattened.
 *
 * Read back once a step for all probes that ask under the same conditions.
 *
 * Cost: a forward pass, counted as a third of a gradient evaluation.
 */
export function layerFeatures(step: Step, who: string, layer: string, conditions: ProbeConditions): RowMajor {
  const { on, mode = 'inference' } = conditions;
  const shared = step.once('features', () => new Map<Batch | undefined, Map<string, RowMajor>>());
  if (!shared.has(on)) shared.set(on, new Map());
  const ofSet = shared.get(on)!;
  const key = `${mode} ${layer}`;
  if (!ofSet.has(key)) {
    const { features } = probedObjective(step, who, conditions);
    if (!features) throw new TypeError(`${who}: this loop does not give the features of layers; give it features`);
    ofSet.set(key, flattened(readBack(() => features(layer))));
    step.ledger.evaluated(1 / 3);
  }
  return ofSet.get(key)!;
}

const flattened = ({ shape: [rows = 1], values }: HostTensor): RowMajor => ({
  rows,
  columns: values.length / rows,
  values,
});
