import type { Variable } from '@tensorflow/tfjs-core';
import { random } from '../../src/core/random.js';
import { override, overriding } from './override.js';
import { withRandom } from './withRandom.js';

/** Controls what evaluating the objective of one step leaves behind. */
export interface SideEffects {
  /** The first call runs `f` as the loop would have, and is told so; every later one runs it quietly. */
  evaluate<T>(f: (first: boolean) => T): T;
  /**
   * Runs `f` with the random draws of the first evaluation, so that dropout masks repeat, and without a trace: variables do
   * not take assignments (the averages of batch normalization stay). Ahead of the first evaluation it draws what that will
   * draw, so that of the user's random stream they take together what the first takes alone; afterwards that stands still.
   */
  quietly<T>(f: () => T): T;
}

/** Puts overrides for the time of an evaluation, and returns how to undo them. */
type Put = () => readonly (() => void)[];

/**
 * @param params of the step. Their class is that of every variable: a second copy of tfjs-core has a class of its own.
 * @param muted what else is silent in a quiet evaluation.
 * @param noted what is taken down in the first.
 */
export function sideEffects(params: readonly Variable[], muted: Put = () => [], noted: Put = () => []): SideEffects {
  const deaf = params.slice(0, 1).map((p) => Object.getPrototypeOf(p) as Variable);
  const draws: number[] = [];
  let first = true;

  /** The draws of the step from the first on, and then those of `beyond`. */
  const replaying = (beyond: () => number): (() => number) => {
    let drawn = 0;
    return () => draws[drawn++] ?? beyond();
  };
  const recording = (): (() => number) => {
    const draw = Math.random;
    return replaying(() => {
      const drawn = draw();
      draws.push(drawn);
      return drawn;
    });
  };
  const quietly = <T>(f: () => T): T => {
    const replay = first ? recording() : replaying(random(draws.length));
    const put = () => [...deaf.map((variables) => override(variables, 'assign', () => {})), ...muted()];
    return overriding(put, () => withRandom(replay, f));
  };
  return {
    quietly,
    evaluate(f) {
      if (!first) return quietly(() => f(false));
      first = false;
      return overriding(noted, () => withRandom(recording(), () => f(true)));
    },
  };
}
