import { checkPositive } from '../../core/checkNumber.js';

/** @throws RangeError, in the name of `who`, if a target is given and is not positive and finite. */
export function checkStandardError(who: string, target: number | undefined): void {
  if (target !== undefined) checkPositive(`${who}: standardError`, target);
}
