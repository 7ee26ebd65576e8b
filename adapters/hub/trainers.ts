import {
  type Batch,
  decodeFrame,
  type Event,
  encodeFrame,
  type Frame,
  type Hello,
  WIRE_VERSION,
} from '../../proto/codec.js';
import { EMPTY_DELIVERY, ROW } from './delivery.js';
import { requirePairs } from './fromElsewhere.js';
import type { Hub } from './hub.js';
import { type RemoteRuns, remoteRuns } from './remoteRuns.js';

/** What the connection of a trainer must offer; a WebSocket of `ws` does. */
export interface TrainerConnection {
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** One trainer that streams in. */
export interface Trainer {
  /** Takes in a frame. One that is malformed, or tells of what has not begun, is the last: the connection is told why. */
  hear(bytes: Uint8Array): void;
  /** The connection is gone. */
  leave(): void;
}

/** The trainers elsewhere that stream to a hub. */
export interface Trainers {
  join(connection: TrainerConnection): Trainer;
}

/** Passes on to the hub what trainers elsewhere tell, as if it came from this process. */
export function trainers(hub: Hub): Trainers {
  const runs = remoteRuns(hub);
  return { join: (connection) => trainer(connection, hub, runs) };
}

/** Of the WebSocket protocol: what the other side may not say. */
const POLICY_VIOLATION = 1008;

/** A reason has at most 123 bytes, and a character cut in two grows by two. */
const reasonOf = (error: unknown): string =>
  Buffer.from((error as Error).message)
    .subarray(0, 120)
    .toString();

function trainer(connection: TrainerConnection, { deliver, publish }: Hub, runs: RemoteRuns): Trainer {
  /** Series as this trainer numbers them, and as they are numbered here; undefined where they are left out. */
  const ids = new Map<number, number | undefined>();
  const self = { hear, leave: () => runs.leave(self) };
  let refused = false;

  function hear(bytes: Uint8Array): void {
    if (refused) return; // A connection that is closed brings what is on its way, for as long as the other side takes.
    try {
      take(decodeFrame(bytes));
    } catch (error) {
      refused = true;
      connection.close(POLICY_VIOLATION, reasonOf(error));
    }
  }

  function take(frame: Frame): void {
    if (frame.kind === 'hello') takeHello(frame);
    else if (frame.kind === 'batch') takeBatch(frame);
    else takeEvent(frame);
  }

  /** Whoever has the answer knows that everything before it has gone out. */
  function takeHello(hello: Hello): void {
    for (const run of hello.runs) runs.start(run, self);
    publish();
    connection.send(encodeFrame({ kind: 'hello', version: WIRE_VERSION, runs: [] }));
  }

  function takeBatch({ series, points, ...columns }: Batch): void {
    for (const one of series) ids.set(one.id, runs.idOf(one, self));
    const placed = points.flatMap((set) => {
      requirePairs(set);
      const id = idOf(set.series);
      return id === undefined ? [] : [{ ...set, series: id }];
    });
    deliver({ ...EMPTY_DELIVERY, rows: rowsOf(columns), points: placed });
  }

  function rowsOf({ ids, steps, values, standardErrors }: Pick<Batch, 'ids' | 'steps' | 'values' | 'standardErrors'>) {
    // A number of a series takes one byte on the wire and a row 32 in memory, so a row must have come whole.
    if (steps.length !== ids.length || values.length !== ids.length)
      throw new RangeError(`a batch has ${ids.length} ids, ${steps.length} steps and ${values.length} values`);
    const rows = new Float64Array(ids.length * ROW);
    let length = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = idOf(ids[i]!);
      if (id === undefined) continue;
      rows.set([id, steps[i]!, values[i]!, standardErrors[i] ?? Number.NaN], length);
      length += ROW;
    }
    return rows.slice(0, length);
  }

  function takeEvent(event: Event): void {
    if (event.what === 'runStarted') runs.start(event.run, self);
    else if (event.what === 'runEnded') runs.end(event.run, self);
    else if (event.what === 'failure') runs.failed(event, self);
  }

  function idOf(given: number): number | undefined {
    if (!ids.has(given)) throw new RangeError(`series ${given} has not been introduced`);
    return ids.get(given);
  }

  return self;
}
