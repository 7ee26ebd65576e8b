/**
 * Runs `f` with `draw` in place of `Math.random`.
 *
 * All randomness of tfjs 4.22 begins there, on every backend: one draw seeds one random op.
 */
export function withRandom<T>(draw: () => number, f: () => T): T {
  const original = Math.random;
  Math.random = draw;
  try {
    return f();
  } finally {
    Math.random = original;
  }
}
