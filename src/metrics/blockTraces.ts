import { type Estimate, mean } from '../curvature/estimate.js';

/** What the blocks on the diagonal of an operator belong to. */
export type BlocksBy = 'layer' | 'parameter';

/**
 * The traces of the blocks on the diagonal of an operator A, from products A v that estimate the trace of the whole:
 * Σ_{i in block} vᵢ (A v)ᵢ, whose mean over random signs v is that of the block, since what other blocks send into it has
 * mean 0. The blocks sum to the whole, sample by sample.
 *
 * A layer is what the names of its parameters share, up to the last slash.
 *
 * @param names of the parameters.
 * @param forms by sample, and in it by parameter.
 * @param exact Whether the vectors were all the unit vectors, so that forms are summed and have no error.
 */
export function blockTraces(
  names: readonly string[],
  forms: readonly (readonly number[])[],
  by: BlocksBy,
  exact: boolean,
): ReadonlyMap<string, Estimate> {
  const owners = by === 'layer' ? names.map(layerOf) : names;
  const ofSample = (form: readonly number[], block: string): number =>
    total(form.filter((_, i) => owners[i] === block));
  return new Map(
    [...new Set(owners)].map((block) => {
      const sums = forms.map((form) => ofSample(form, block));
      return [block, exact ? { value: total(sums), standardError: 0 } : mean(sums)];
    }),
  );
}

function layerOf(parameter: string): string {
  const slash = parameter.lastIndexOf('/');
  return slash > 0 ? parameter.slice(0, slash) : parameter;
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
