import type { Event } from '../../proto/codec.js';
import type { Measurement, RunInfo, Sink } from '../../src/core/watching.js';
import { type Catalogue, catalogue } from './catalogue.js';
import { type DashboardOptions, hubThreadOptions } from './dashboardOptions.js';
import { hubLine } from './hubLine.js';
import type { Outbox } from './outbox.js';

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
 * @throws RangeError if the port is not one, or if an address other than this machine comes without a token.
 *
 * @example
 * const board = dashboard();
 * const run = instrument(model, { metrics: [[gradientNorm(), every(1)]], sinks: [board] });
 * console.log(await board.url());
 */
export function dashboard(options: DashboardOptions = {}): DashboardSink {
  const settings = hubThreadOptions(options);
  const runs = new Map<string, OpenRun>();
  const line = hubLine(settings, (error) => {
    for (const { failed } of runs.values()) failed(error);
  });
  const { box } = line;
  let ids = 0;
  let holds = 0;

  async function close(): Promise<void> {
    await line.flush();
    if (holds === 0 && runs.size === 0) await line.close();
  }

  function hold(): () => Promise<void> {
    let held = true;
    holds++;
    return async () => {
      if (!held) return;
      held = false;
      holds--;
      await close();
    };
  }

  return {
    name: NAME,
    open(run, failed) {
      line.connect();
      const series = catalogue(run.id, () => ids++, box.introduce, SERIES_OF_A_RUN);
      runs.set(run.id, { series, failed, droppedTold: box.dropped });
      box.happened({ ...happening('runStarted', run), run: { ...run, ended: 0 } });
      line.send();
    },
    write(batch, run) {
      const open = runs.get(run.id);
      const step = batch.at(-1)?.step;
      if (!open || step === undefined || !line.up()) return;
      for (const measurement of batch) put(box, open.series, measurement);
      if (box.dropped > open.droppedTold && line.open()) {
        open.droppedTold = box.dropped;
        put(box, open.series, { ...DROPPED, step, value: box.dropped });
      }
      line.send();
    },
    failure({ source, step, error, off }, run) {
      if (!line.up()) return;
      box.happened({ ...happening('failure', run), source, step, message: error.message, off });
      line.send();
    },
    async end(run) {
      const open = runs.get(run.id);
      if (!open) return;
      runs.delete(run.id);
      const ended = happening('runEnded', run);
      box.happened({ ...ended, run: { ...run, ended: ended.time } });
      if (!(await line.flush()))
        open.failed(new Error(`dashboard: not all had gone out after ${settings.flushWithin} ms`));
    },
    close,
    url: line.url,
    dropped: () => box.dropped,
    hold,
  };
}

interface OpenRun {
  readonly series: Catalogue;
  readonly failed: (error: unknown) => void;
  droppedTold: number;
}

const NAME = 'dashboard';
const DROPPED = { name: 'sink.dropped', unit: '{measurement}', attributes: { sink: NAME } };

/** A step among the attributes would make a series a step. */
const SERIES_OF_A_RUN = 2048;

function put(box: Outbox, series: Catalogue, measurement: Measurement): void {
  const { step, value, standardError = Number.NaN } = measurement;
  const id = series.idOf(measurement);
  if (id === undefined) box.lost();
  else if (typeof value === 'number') box.measured(id, step, value, standardError);
  else box.scattered({ series: id, step, x: value.x, y: value.y });
}

function happening(what: Event['what'], { id }: RunInfo): Event {
  const run = { id, name: '', started: 0, ended: 0 };
  return { kind: 'event', what, time: Date.now(), run, source: '', step: 0, message: '', off: false };
}
