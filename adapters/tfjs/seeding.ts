import { checkSeed } from '../../src/core/checkNumber.js';
import { random } from '../../src/core/random.js';
import { withRandom } from './withRandom.js';

/** A seed, and how far its stream is. */
export type SeedState = { readonly seed: number; readonly position: number };

/** Runs training steps with the random stream of the run, if it has a seed. */
export interface Seeding {
  <T>(step: () => T): T;
  /** `null` without a seed. */
  state(): SeedState | null;
  /** @throws Error if the state is of another seed, or has one where this run has none. */
  check(saved: SeedState | null): void;
  restore(saved: SeedState): void;
}

/** @throws RangeError if the seed is not a whole number. */
export function seeding(seed: number | undefined): Seeding {
  checkSeed('instrument: seed', seed);
  const draw = random(seed ?? 0);
  const seeded = <T>(step: () => T): T => (seed === undefined ? step() : withRandom(draw, step));
  return Object.assign(seeded, {
    state: () => (seed === undefined ? null : { seed, position: draw.state() }),
    check(saved: SeedState | null): void {
      if (!saved || saved.seed === seed) return;
      throw new Error(`instrument: the state has the seed ${saved.seed}, this run ${seed}; pass seed: ${saved.seed}`);
    },
    restore: (saved: SeedState) => draw.restore(saved.position),
  });
}
