/** @throws RangeError, in the name of `who`, if samples is neither an integer of at least 2 nor 'exact'. */
export function checkSamples(who: string, samples: number | 'exact'): void {
  if (samples === 'exact' || (Number.isInteger(samples) && samples >= 2)) return;
  throw new RangeError(`${who}: samples must be an integer of at least 2, or 'exact', got ${samples}`);
}
