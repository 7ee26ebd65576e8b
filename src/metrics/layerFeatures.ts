import type { Step } from '../core/types.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { type ProbeConditions, probedObjective, setOf } from './probedObjective.js';
import { type HostTensor, readBack } from './readBack.js';

/**
 * What a layer puts out, as a matrix `[batch, features]` on the host: an example a row, maps and sequences flattened.
 *
 * Read back once a step for all probes that ask under the same conditions.
 *
 * Cost: a forward pass, counted as a third of a gradient evaluation.
 */
export function layerFeatures(step: Step, who: string, layer: string, conditions: ProbeConditions): RowMajor {
  const { mode = 'inference' } = conditions;
  return step.once(`features of ${layer}, ${setOf(conditions)}, mode ${mode}`, () => {
    const { features } = probedObjective(step, who, conditions);
    if (!features) throw new TypeError(`${who}: this loop does not give the features of layers; give it features`);
    step.ledger.evaluated(1 / 3);
    return flattened(readBack(() => features(layer)));
  });
}

const flattened = ({ shape: [rows = 1], values }: HostTensor): RowMajor => ({
  rows,
  columns: values.length / rows,
  values,
});
