import { random } from '../../src/core/random.js';
import { withRandom } from './withRandom.js';

/** Runs training steps with the random stream of the run, if it has a seed. */
export function seeding(seed: number | undefined): <T>(step: () => T) => T {
  if (seed === undefined) return (step) => step();
  if (!Number.isInteger(seed)) throw new RangeError(`instrument: seed must be a whole number, got ${seed}`);
  const draw = random(seed);
  return (step) => withRandom(draw, step);
}
