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
  /** Numbers kept in all, of 8 bytes: past it, the run that has most is forgotten. */
  readonly numbers?: number;
}

interface Remembered {
  readonly series: Series;
  readonly values: ThinnedSeries;
  /** The newest set only. */
  points: Points | undefined;
}

/** More than the series of one run can fill, and half a gigabyte. */
const NUMBERS = 2 ** 26;

/** A bounded history: of each series its thinned values or its newest points, of the runs the latest, and the newest failures. */
export function history({
  values: valueBound = 8192,
  runs: runBound = 64,
  failures: failureBound = 256,
  numbers: numberBound = NUMBERS,
}: HistoryBounds = {}): History {
  const runs = new Map<string, Run>();
  const remembered = new Map<number, Remembered>();
  let failures: Event[] = [];
  let numbers = 0;

  function addBatch({ series, ids, steps, values, standardErrors, points }: Batch): void {
    for (const one of series) {
      remembered.set(one.id, { series: one, values: thinnedSeries(valueBound), points: undefined });
    }
    for (let i = 0; i < ids.length; i++) {
      const owner = remembered.get(ids[i]!)?.values;
      if (!owner) continue;
      numbers -= NUMBERS_OF_A_VALUE * owner.length; // It may be thinned now.
      owner.push(steps[i]!, values[i]!, standardErrors[i] ?? Number.NaN);
      numbers += NUMBERS_OF_A_VALUE * owner.length;
    }
    for (const set of points) {
      const owner = remembered.get(set.series);
      if (!owner) continue;
      numbers -= numbersOf(owner);
      owner.points = set;
      numbers += numbersOf(owner);
    }
    while (numbers > numberBound) forget(largest());
  }

  /** The run that has most numbers. */
  function largest(): string {
    const sizes = new Map<string, number>();
    for (const one of remembered.values()) {
      sizes.set(one.series.run, (sizes.get(one.series.run) ?? 0) + numbersOf(one));
    }
    return [...sizes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  }

  function addEvent(event: Event): void {
    if (event.what === 'failure') failures = [...failures, event].slice(-failureBound);
    else if (event.what === 'runStarted') runs.set(event.run.id, event.run);
    else if (event.what === 'runEnded' && runs.has(event.run.id)) runs.set(event.run.id, event.run);
    if (runs.size > runBound) forget(oldest());
  }

  function oldest(): string {
    const all = [...runs.values()];
    return (all.find((run) => run.ended > 0) ?? all[0]!).id;
  }

  function forget(run: string): void {
    runs.delete(run);
    for (const [id, one] of remembered) {
      if (one.series.run !== run) continue;
      numbers -= numbersOf(one);
      remembered.delete(id);
    }
    failures = failures.filter((failure) => failure.run.id !== run);
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

/** Its step, itself and its standard error. */
const NUMBERS_OF_A_VALUE = 3;

const numbersOf = ({ values, points }: Remembered): number =>
  NUMBERS_OF_A_VALUE * values.length + (points ? points.x.length + points.y.length : 0);

function toBatches({ series, values, points }: Remembered): Batch[] {
  const ids = new Uint32Array(values.length).fill(series.id);
  const columns = { steps: values.steps(), values: values.values(), standardErrors: values.standardErrors() };
  const introduction: Batch = { ...EMPTY_BATCH, series: [series], points: points ? [points] : [] };
  return [introduction, ...inBatches({ ids, ...columns })];
}
