import type { Step } from '../core/watching.js';

/** The layers a probe measures: those named, else every hidden layer with weights. */
export function hiddenLayers(
  { objective }: Step,
  who: string,
  layers: readonly string[] | undefined,
): readonly string[] {
  if (layers) return layers;
  if (objective.layers?.length) return objective.layers;
  throw new TypeError(`${who}: this loop does not say which hidden layers there are; name them in layers`);
}

/** @throws RangeError, in the name of `who`, if layers are given and are not a list of at least one. */
export function checkLayers(who: string, layers: readonly string[] | undefined): void {
  if (layers === undefined || (Array.isArray(layers) && layers.length > 0)) return;
  throw new RangeError(`${who}: layers must name a layer, got ${JSON.stringify(layers)}; leave it out for all`);
}
