import {
  type Batch,
  decodeFrame,
  type Event,
  encodeFrame,
  type Frame,
  type Run,
  type Series,
  WIRE_VERSION,
} from '../../proto/codec.js';
import { type Catalogue, catalogue } from './catalogue.js';
import { type Delivery, ROW } from './delivery.js';
import type { Hub } from './hub.js';

/** What the connection of a trainer must offer; a WebSocket of `ws` does. */
export interface TrainerConnection {
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** One trainer that streams in. */
export interface Trainer {
  /** Takes in a frame. One that is malformed, or speaks of what has not begun, ends the connection, which is told why. */
  hear(bytes: Uint8Array): void;
  /** The connection is gone. Its runs have ended, unless they come back. */
  leave(): void;
}

/** The trainers elsewhere that stream to a hub. */
export interface Trainers {
  join(connection: TrainerConnection): Trainer;
}

/** Runs of which series are remembered, for trainers that come back. */
const RUNS = 32;

/** Series of this process count up from 0, those of trainers elsewhere from here. */
const FIRST_ID = 2 ** 31;

/** By the protocol: what this peer may not say. */
const POLICY_VIOLATION = 1008;

interface RemoteRun {
  readonly run: Run;
  readonly series: Catalogue;
  /** Who feeds it; nobody when the connection is gone or the run has ended. */
  trainer: Trainer | undefined;
}

/**
 * Passes on to the hub what trainers elsewhere say, as if it came from this process. Each numbers its series by itself; here
 * a series of a run has one number for good, also when its trainer comes back on another connection.
 */
export function trainers({ deliver, publish }: Hub): Trainers {
  const runs = new Map<string, RemoteRun>();
  let introduced: Series[] = [];
  let nextId = FIRST_ID;

  function tell(parts: Partial<Delivery>): void {
    deliver({ series: introduced, rows: new Float64Array(0), points: [], events: [], ...parts });
    introduced = [];
  }

  function start(run: Run, trainer: Trainer): void {
    const known = runs.get(run.id);
    if (known?.trainer === trainer) return;
    if (!known) makeRoom();
    const series =
      known?.series ??
      catalogue(
        run.id,
        () => nextId++,
        (one) => introduced.push(one),
      );
    runs.set(run.id, { run, series, trainer });
    tell({ events: [event('runStarted', { ...run, ended: 0 })] });
  }

  function end(id: string, ended: number): void {
    const known = runs.get(id)!;
    known.trainer = undefined;
    tell({ events: [event('runEnded', { ...known.run, ended })] });
  }

  function makeRoom(): void {
    if (runs.size < RUNS) return;
    const idle = [...runs].find(([, { trainer }]) => !trainer);
    if (!idle) throw new RangeError(`the hub has its ${RUNS} runs`);
    runs.delete(idle[0]);
  }

  function join(connection: TrainerConnection): Trainer {
    /** As the trainer numbers series, and as they are numbered here; NaN of those that are too many. */
    const ids = new Map<number, number>();
    const trainer: Trainer = { hear, leave };

    function hear(bytes: Uint8Array): void {
      try {
        take(decodeFrame(bytes));
      } catch (error) {
        connection.close(POLICY_VIOLATION, (error as Error).message.slice(0, 120));
      }
    }

    function take(frame: Frame): void {
      if (frame.kind === 'batch') takeBatch(frame);
      else if (frame.kind === 'event') takeEvent(frame);
      else {
        for (const run of frame.runs) start(run, trainer);
        publish();
        connection.send(encodeFrame({ kind: 'hello', version: WIRE_VERSION, runs: [] }));
      }
    }

    function takeBatch({ series, ids: given, steps, values, standardErrors, points }: Batch): void {
      for (const one of series) ids.set(one.id, own(one.run).series.idOf(one) ?? Number.NaN);
      const rows = new Float64Array(given.length * ROW);
      let length = 0;
      for (let i = 0; i < given.length; i++) {
        const id = idOf(given[i]!);
        if (Number.isNaN(id)) continue;
        rows.set([id, steps[i]!, values[i]!, standardErrors[i] ?? Number.NaN], length);
        length += ROW;
      }
      const known = points.filter((set) => !Number.isNaN(idOf(set.series)));
      tell({ rows: rows.slice(0, length), points: known.map((set) => ({ ...set, series: idOf(set.series) })) });
    }

    function takeEvent(happened: Event): void {
      const { what, run } = happened;
      if (what === 'runStarted') start(run, trainer);
      else if (what === 'runEnded') end(own(run.id).run.id, run.ended);
      else if (what === 'failure') tell({ events: [{ ...happened, run: own(run.id).run }] });
    }

    function own(id: string): RemoteRun {
      const run = runs.get(id);
      if (run?.trainer !== trainer) throw new RangeError(`run ${id} has not started here`);
      return run;
    }

    function idOf(given: number): number {
      const id = ids.get(given);
      if (id === undefined) throw new RangeError(`series ${given} has not been introduced`);
      return id;
    }

    function leave(): void {
      const now = Date.now();
      for (const [id, { trainer: feeding }] of runs) if (feeding === trainer) end(id, now);
      publish(); // Or a start that follows at once would go before.
    }

    return trainer;
  }

  return { join };
}

function event(what: Event['what'], run: Run): Event {
  return { kind: 'event', what, time: Date.now(), run, source: '', step: 0, message: '', off: false };
}
