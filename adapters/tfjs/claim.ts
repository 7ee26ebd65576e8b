/** Targets that are instrumented now; a second wrapper around the same loop would count and perturb twice. */
const instrumented = new WeakSet<object>();

/** @throws Error if one of `targets` is taken. Returns what sets them free. */
export function claim(...targets: readonly object[]): () => void {
  if (targets.some((target) => instrumented.has(target))) {
    throw new Error('instrument: already instrumented; call stop() on the first run before the second');
  }
  for (const target of targets) instrumented.add(target);
  return () => targets.forEach((target) => instrumented.delete(target));
}
