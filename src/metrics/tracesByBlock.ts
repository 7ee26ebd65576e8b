import { type Estimate, mean } from '../curvature/spectrum/estimate.js';

/**
 * The traces of the blocks on the diagonal of an operator A, from products A v that estimate the trace of the whole:
 * Σ_{i in block} vᵢ (A v)ᵢ, whose mean over random signs v is that of the block, since what other blocks send into it has
 * mean 0. The blocks sum to the whole, sample by sample.
 *
 * @param owners the block of each parameter, by name.
 * @param forms by sample, and in it by parameter.
 * @param exact Whether the vectors were all the unit vectors, so that forms are summed and have no error.
 * @returns by name of the block.
 */
export function tracesByBlock(
  owners: readonly string[],
  forms: readonly (readonly number[])[],
  exact: boolean,
): ReadonlyMap<string, Estimate> {
  const ofSample = (form: readonly number[], block: string): number =>
    total(form.filter((_, i) => owners[i] === block));
  return new Map(
    [...new Set(owners)].map((block) => {
      const sums = forms.map((form) => ofSample(form, block));
      return [block, exact ? { value: total(sums), standardError: 0 } : mean(sums)];
    }),
  );
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
