/** @throws RangeError, in the name of `who`, if a target is given and is not positive and finite. */
export function checkStandardError(who: string, target: number | undefined): void {
  if (target === undefined || (target > 0 && target < Infinity)) return;
  throw new RangeError(`${who}: standardError must be positive and finite, got ${target}`);
}
