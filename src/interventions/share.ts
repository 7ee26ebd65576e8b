/** @throws RangeError, naming `what`, if a strength that is a share of the whole is above 1. */
export function share(what: string, value: number): number {
  if (value > 1) throw new RangeError(`${what} must be within 0…1, got ${value}`);
  return value;
}
