import { createRun } from '../../src/core/createRun.js';
import type { Loop, RunCore } from '../../src/core/run.js';
import { checkState, type Resumable, restoreState, takeState } from './runState.js';
import type { InstrumentOptions, Run } from './types.js';

/** What an adapter has put into its loop: the calls of a hand-written one, and what takes all of it out again. */
export interface Attached {
  readonly hand: Pick<Run, 'minimize' | 'gradients'>;
  readonly restore: () => void;
}

/** A run on a loop that is claimed, as the user holds it. The loop is released when the run stops, or if it cannot be made. */
export function openRun(
  options: InstrumentOptions,
  loop: Loop,
  resumable: Resumable,
  release: () => void,
  attach: (core: RunCore) => Attached,
): Run {
  const { state } = options;
  let opened: RunCore | undefined;
  try {
    if (state !== undefined) checkState(state, resumable);
    const core = createRun(options, loop, state);
    opened = core;
    if (state) restoreState(state, resumable);
    const { hand, restore } = attach(core);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      if (!stopped) {
        restore();
        release();
        stopped = core.end();
      }
      return stopped;
    };
    return {
      info: loop.info,
      ...core.streams,
      minimize: hand.minimize,
      gradients: hand.gradients,
      state: () => takeState(core, resumable),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    void opened?.end();
    release();
    throw error;
  }
}
