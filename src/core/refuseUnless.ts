/** @throws RangeError, with what is refused, the condition, the value, and what to do, unless the condition holds. */
export function refuseUnless(holds: boolean, what: string, condition: string, value: unknown, remedy?: string): void {
  if (!holds) throw new RangeError(`${what} must be ${condition}, got ${value}${remedy ? `; ${remedy}` : ''}`);
}
