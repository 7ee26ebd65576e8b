import { refuseUnless } from '../core/refuseUnless.js';
import type { Step } from '../core/watching.js';

/** The layers a probe measures: those named, else every hidden layer with weights. */
export function hiddenLayers(
  { objective }: Step,
  who: string,
  layers: readonly string[] | undefined,
): readonly string[] {
  if (layers) return layers;
  if (objective.layers?.length) return objective.layers;
  throw new TypeError(`${who}: layers must be given, since this loop does not name its hidden layers`);
}

/** @throws RangeError, in the name of `who`, if layers are given and are not a list of at least one. */
export function checkLayers(who: string, layers: readonly string[] | undefined): void {
  const fitting = layers === undefined || (Array.isArray(layers) && layers.length > 0);
  refuseUnless(fitting, `${who}: layers`, 'a list of names, or left out for all', JSON.stringify(layers));
}
