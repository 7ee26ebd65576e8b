/** How many runs have a target, and whether one has it alone. */
interface Holding {
  readonly alone: boolean;
  readonly runs: number;
}

/** Targets that are instrumented now; a second wrapper around the same loop would count and perturb twice. */
const holdings = new WeakMap<object, Holding>();

/**
 * Takes for one run what is its own, and what it may share with others: several models may have one optimizer, which is
 * each one's during its own steps only.
 *
 * @throws Error if one of them is taken. Returns what sets them free.
 */
export function claim(own: readonly object[], shared: readonly object[] = []): () => void {
  if (own.some((target) => holdings.has(target)) || shared.some((target) => holdings.get(target)?.alone)) {
    throw new Error('instrument: already instrumented; call stop() on the first run before the second');
  }
  const free = [...own.map((target) => hold(target, true)), ...shared.map((target) => hold(target, false))];
  return () => free.splice(0).forEach((release) => release());
}

function hold(target: object, alone: boolean): () => void {
  const runs = (): number => holdings.get(target)?.runs ?? 0;
  holdings.set(target, { alone, runs: runs() + 1 });
  return () => {
    if (runs() > 1) holdings.set(target, { alone, runs: runs() - 1 });
    else holdings.delete(target);
  };
}
