/** ‖actual − expected‖ relative to ‖scale‖; infinite if a length is amiss. */
export function distance(actual: Float64Array, expected: readonly number[], scale = expected): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.hypot(...actual.map((a, i) => a - expected[i]!)) / Math.hypot(...scale);
}
