import {
  type Batch,
  type Event,
  type Frame,
  type Points,
  type Run,
  type Series,
  WIRE_VERSION,
} from '../../proto/codec.js';
import { EMPTY_BATCH, inBatches } from './batches.js';
import { type ThinnedSeries, thinnedSeries } from './thinnedSeries.js';

/** What a hub remembers for those who come later. */
export interface History {
  add(frame: Batch | Event): void;
  /** A Hello, then frames that bring a viewer up to date. */
  frames(): Frame[];
}

export interface HistoryBounds {
  /** Values kept of each series. */
  readonly values?: number;
  /** Runs kept: past it, the oldest is forgotten, of those that have ended if there is one. */
  readonly runs?: number;
  /** Failures kept, the newest. */
  readonly failures?: number;
}

interface Remembered {
  readonly series: Series;
  readonly values: ThinnedSeries;
  /** The newest set only. */
  points: Points | undefined;
}

/** A bounded history: of each series its thinned values or its newest points, of the runs the latest, and the newest failures. */
export function history({
  values = 8192,
  runs: runBound = 32,
  failures: failureBound = 256,
}: HistoryBounds = {}): History {
  const runs = new Map<string, Run>();
  const remembered = new Map<number, Remembered>();
  let failures: Event[] = [];

  function addBatch({ series, ids, steps, values: numbers, standardErrors, points }: Batch): void {
    for (const one of series) {
      remembered.set(one.id, { series: one, values: thinnedSeries(values), points: undefined });
    }
    for (let i = 0; i < ids.length; i++) {
      remembered.get(ids[i]!)?.values.push(steps[i]!, numbers[i]!, standardErrors[i] ?? Number.NaN);
    }
    for (const set of points) {
      const owner = remembered.get(set.series);
      if (owner) owner.points = set;
    }
  }

  function addEvent(event: Event): void {
    if (event.what === 'failure') failures = [...failures, event].slice(-failureBound);
    else if (event.what === 'runStarted') runs.set(event.run.id, event.run);
    else if (event.what === 'runEnded' && runs.has(event.run.id)) runs.set(event.run.id, event.run);
    if (runs.size > runBound) forget([...runs.values()].find((run) => run.ended > 0) ?? [...runs.values()][0]!);
  }

  function forget(run: Run): void {
    runs.delete(run.id);
    for (const [id, { series }] of remembered) if (series.run === run.id) remembered.delete(id);
    failures = failures.filter((failure) => failure.run.id !== run.id);
  }

  return {
    add: (frame) => (frame.kind === 'batch' ? addBatch(frame) : addEvent(frame)),
    frames: () => [
      { kind: 'hello', version: WIRE_VERSION, runs: [...runs.values()] },
      ...[...remembered.values()].flatMap(toBatches),
      ...failures,
    ],
  };
}

function toBatches({ series, values, points }: Remembered): Batch[] {
  const ids = new Uint32Array(values.length).fill(series.id);
  const columns = { steps: values.steps(), values: values.values(), standardErrors: values.standardErrors() };
  const introduction: Batch = { ...EMPTY_BATCH, series: [series], points: points ? [points] : [] };
  return [introduction, ...inBatches({ ids, ...columns })];
}
