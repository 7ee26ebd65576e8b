import { refuseUnless } from '../../core/refuseUnless.js';

/** @throws RangeError, in the name of `who`, if samples is neither an integer of at least 2 nor 'exact'. */
export function checkSamples(who: string, samples: number | 'exact'): void {
  const fitting = samples === 'exact' || (Number.isInteger(samples) && samples >= 2);
  refuseUnless(fitting, `${who}: samples`, "an integer of at least 2, or 'exact'", samples);
}
