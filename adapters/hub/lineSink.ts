import type { Event } from '../../proto/codec.js';
import type { Measurement, RunInfo, Sink } from '../../src/core/watching.js';
import { type Catalogue, catalogue } from './catalogue.js';
import type { Line } from './line.js';
import type { Outbox } from './outbox.js';

/** A sink at the near end of a line. */
export interface LineSink<L extends Line> extends Sink {
  readonly line: L;
  /** Measurements lost because the hub could not keep up; published as `sink.dropped` as well. */
  dropped(): number;
}

export interface LineSinkOptions<L extends Line> {
  readonly name: string;
  /** `failed` is told when the line has trouble, and tells every run. */
  readonly lineTo: (failed: (error: Error) => void) => L;
  /** Milliseconds that the line takes for a flush; said when it takes longer. */
  readonly flushWithin: number;
  /** Whether the line may be closed when no run is left. Default: it may. */
  readonly mayClose?: () => boolean;
}

/** Feeds a hub with the runs of this thread: whatever the line, and wherever the hub, it hears the same. */
export function lineSink<L extends Line>({
  name,
  lineTo,
  flushWithin,
  mayClose = () => true,
}: LineSinkOptions<L>): LineSink<L> {
  const runs = new Map<string, OpenRun>();
  const line = lineTo((error) => {
    for (const { failed } of runs.values()) failed(error);
  });
  const { box } = line;
  let ids = 0;

  return {
    name,
    line,
    dropped: () => box.dropped,
    open(run, failed) {
      const series = catalogue(run.id, () => ids++, box.introduce);
      runs.set(run.id, { series, failed, droppedTold: box.dropped });
      line.connect();
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
        put(box, open.series, { ...DROPPED, attributes: { sink: name }, step, value: box.dropped });
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
      const ended = happening('runEnded', run);
      box.happened({ ...ended, run: { ...run, ended: ended.time } });
      if (!(await line.flush())) open.failed(new Error(`${name}: not all had gone out after ${flushWithin} ms`));
      runs.delete(run.id); // Until here what happens to the line concerns the run.
    },
    async close() {
      if (runs.size > 0) await line.flush();
      else if (mayClose()) await line.close(); // Each run has flushed at its end.
    },
  };
}

interface OpenRun {
  readonly series: Catalogue;
  readonly failed: (error: unknown) => void;
  droppedTold: number;
}

const DROPPED = { name: 'sink.dropped', unit: '{measurement}' };

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
