/** @throws RangeError, in the name of `who`, if a number of steps is not a whole number >= 1. */
export function checkSteps(who: string, steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`${who}: steps must be a whole number >= 1, got ${steps}`);
  }
}
