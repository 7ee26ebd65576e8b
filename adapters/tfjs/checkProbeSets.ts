import type { Tensor } from '@tensorflow/tfjs-core';
import type { RunOptions } from '../../src/core/run.js';
import type { ModelInternals } from './layersModel.js';

/** @throws RangeError if a probe measures on data that does not fit the inputs of the model. */
export function checkProbeSets(metrics: NonNullable<RunOptions['metrics']>, { inputs }: ModelInternals): void {
  for (const [{ name, on }] of metrics) {
    if (!on) continue;
    const given = [on.x].flat() as Tensor[];
    if (given.length !== inputs.length) {
      throw new RangeError(`${name}: on.x must have one tensor an input (${inputs.length}), got ${given.length}`);
    }
    inputs.forEach((input, i) => {
      const { shape } = given[i]!;
      if (!fits(shape, input.shape)) {
        const wanted = input.shape.map((size) => size ?? 'batch').join(', ');
        throw new RangeError(`${name}: on.x must have the shape [${wanted}], got [${shape.join(', ')}]`);
      }
    });
    const rows = given[0]!.shape[0];
    for (const y of [on.y].flat() as Tensor[]) {
      if (y.shape[0] !== rows) throw new RangeError(`${name}: on.y must have ${rows} rows as on.x, got ${y.shape[0]}`);
    }
  }
}

const fits = (shape: readonly number[], wanted: readonly (number | null)[]): boolean =>
  shape.length === wanted.length && wanted.every((size, i) => size === null || size === shape[i]);
