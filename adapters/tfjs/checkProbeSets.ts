import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '../../src/core/objective.js';
import type { RunOptions } from '../../src/core/run.js';
import type { ModelInternals } from './layersModel.js';

/** @throws RangeError if a probe measures on data that does not fit the inputs of the model, or its loss. */
export function checkProbeSets(metrics: NonNullable<RunOptions['metrics']>, model: ModelInternals): void {
  for (const [{ name, on }] of metrics) if (on) checkSet(name, on, model);
}

/** @throws RangeError, in the name of `who`, if data do not fit the inputs of the model, or its loss. */
export function checkSet(who: string, on: Batch, model: ModelInternals): void {
  const { inputs } = model;
  const given = [on.x].flat() as Tensor[];
  if (given.length !== inputs.length) {
    throw new RangeError(`${who}: on.x must have one tensor an input (${inputs.length}), got ${given.length}`);
  }
  inputs.forEach((input, i) => {
    const { shape } = given[i]!;
    if (!fits(shape, input.shape)) {
      const wanted = input.shape.map((size) => size ?? 'batch').join(', ');
      throw new RangeError(`${who}: on.x must have the shape [${wanted}], got [${shape.join(', ')}]`);
    }
  });
  const targets = [on.y].flat() as Tensor[];
  const rows = given[0]!.shape[0];
  for (const y of targets) {
    if (y.shape[0] !== rows) throw new RangeError(`${who}: on.y must have ${rows} rows as on.x, got ${y.shape[0]}`);
  }
  const unfit = misfit(model, given, targets);
  if (unfit) throw new RangeError(`${who}: on.y must be such as fit takes, which says: ${unfit}`);
}

/**
 * Why `fit` would refuse this set, or reshape it; a loss would broadcast it, and give a number that means nothing.
 */
function misfit(model: ModelInternals, x: readonly Tensor[], y: readonly Tensor[]): string | undefined {
  return tidy(() => {
    try {
      const [, targets] = model.standardizeUserDataXY([...x], [...y], false);
      const at = targets.findIndex((target, i) => target.rank !== y[i]!.rank);
      return at < 0 ? undefined : `shape [${targets[at]!.shape}], got [${y[at]!.shape}]`;
    } catch (error) {
      return (error as Error).message;
    }
  }) as string | undefined;
}

const fits = (shape: readonly number[], wanted: readonly (number | null)[]): boolean =>
  shape.length === wanted.length && wanted.every((size, i) => size === null || size === shape[i]);
