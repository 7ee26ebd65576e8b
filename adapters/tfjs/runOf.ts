import type { RunCore } from '../../src/core/run.js';
import type { RunInfo } from '../../src/core/watching.js';
import type { Run } from './types.js';

/** A run as the user holds it; `restore` gives the loop back, once. */
export function runOf(
  core: RunCore,
  info: RunInfo,
  { minimize, gradients }: Pick<Run, 'minimize' | 'gradients'>,
  state: Run['state'],
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
  const { steps, epochs, measurements, alerts, failures } = core;
  return {
    info,
    steps,
    epochs,
    measurements,
    alerts,
    failures,
    minimize,
    gradients,
    state,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
