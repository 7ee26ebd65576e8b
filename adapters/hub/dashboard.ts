import type { Sink } from '../../src/core/watching.js';
import { type DashboardOptions, hubThreadOptions } from './dashboardOptions.js';
import { hubLine } from './hubLine.js';
import { lineSink } from './lineSink.js';

export type { DashboardOptions } from './dashboardOptions.js';

export interface DashboardSink extends Sink {
  /** Where to look. Starts the hub if no run has; rejects if it cannot serve. */
  url(): Promise<string>;
  /** Measurements lost because the hub could not keep up; published as `sink.dropped` as well. */
  dropped(): number;
  /** Goes on serving after the last run has ended, until the returned function is called. */
  hold(): () => Promise<void>;
}

/**
 * Shows runs live in the browser.
 *
 * The hub runs in a worker thread, so that it answers although the training loop never yields. One sink may serve several runs,
 * at once or one after the other, and the hub is up from the first to the end of the last. It does not keep the
 * process alive; when that exits, what is left is sent within a limit.
 *
 * - Cost: `write` copies its measurements and posts once, tens of microseconds whatever the number of viewers. When the
 *   worker falls behind, the oldest measurements are dropped and counted.
 *
 * @throws RangeError if the port is not one, if an address other than this machine comes without a token, or if an
 *   origin in `trainers` is not one.
 *
 * @example
 * const board = dashboard();
 * const run = instrument(model, { metrics: [[gradientNorm(), every(1)]], sinks: [board] });
 * console.log(await board.url());
 */
export function dashboard(options: DashboardOptions = {}): DashboardSink {
  const settings = hubThreadOptions(options);
  let holds = 0;
  const { line, ...sink } = lineSink({
    name: 'dashboard',
    lineTo: (failed) => hubLine(settings, failed),
    flushWithin: settings.flushWithin,
    mayClose: () => holds === 0,
  });

  function hold(): () => Promise<void> {
    let held = true;
    holds++;
    return async () => {
      if (!held) return;
      held = false;
      holds--;
      await sink.close?.();
    };
  }

  return { ...sink, url: line.url, hold };
}
