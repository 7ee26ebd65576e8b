/** @throws RangeError, with what is refused, the condition and the value, unless the condition holds. */
export function refuseUnless(holds: boolean, what: string, condition: string, value: unknown): void {
  if (!holds) throw new RangeError(`${what} must be ${condition}, got ${value}`);
}
