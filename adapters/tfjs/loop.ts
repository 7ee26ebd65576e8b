import type { Offers } from '../../src/core/needs.js';
import { random } from '../../src/core/random.js';
import type { Loop, RunCore } from '../../src/core/run.js';
import type { RunInfo } from '../../src/core/types.js';
import type { Run } from './instrument.js';
import { withRandom } from './withRandom.js';

/** The surroundings of a run: its identity, its clock, and the isolation of what watches. */
export function openLoop(name: string, offers: Offers): Loop {
  return {
    info: { id: crypto.randomUUID(), name, started: Date.now() },
    offers,
    now: () => performance.now(),
    unnoticed: withRandom,
  };
}

/** Runs training steps with the random stream of the run, if it has a seed. */
export function seeding(seed: number | undefined): <T>(step: () => T) => T {
  if (seed === undefined) return (step) => step();
  if (!Number.isInteger(seed)) throw new RangeError(`instrument: seed must be a whole number, got ${seed}`);
  const draw = random(seed);
  return (step) => withRandom(draw, step);
}

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

/** A run as the user holds it; `restore` gives the loop back, once. */
export function runOf(
  core: RunCore,
  info: RunInfo,
  { minimize, gradients }: Pick<Run, 'minimize' | 'gradients'>,
  restore: () => void,
): Run {
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    if (!stopped) {
      restore();
      stopped = core.end();
    }
    return stopped;
  };
  const { steps, epochs, measurements, failures } = core;
  return { info, steps, epochs, measurements, failures, minimize, gradients, stop, [Symbol.asyncDispose]: stop };
}
