import { sharpstream } from './telemetry.gen.js';

/**
 * Frames as plain values, and their bytes as telemetry.proto defines them. The only file that sees generated code.
 *
 * @see telemetry.proto for what each field means
 */
const wire = sharpstream.telemetry;

/** The version of the wire format that a Hello announces. */
export const WIRE_VERSION = 1;

export type Frame = Hello | Batch | Event;

/** First on every connection: the viewer starts afresh, and what the hub remembers follows. */
export interface Hello {
  readonly kind: 'hello';
  readonly version: number;
  readonly runs: readonly Run[];
}

export interface Run {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** 0 while the run goes on. */
  readonly ended: number;
}

/** A stream of numbers of one run. */
export interface Series {
  readonly id: number;
  /** The id of its run. */
  readonly run: string;
  readonly name: string;
  /** In UCUM. */
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A typed array when sent, a plain one when received. */
export type Column = readonly number[] | Float64Array | Uint32Array;

/** Measurements in columns: value i belongs to series `ids[i]` at `steps[i]`. */
export interface Batch {
  readonly kind: 'batch';
  /** Introduced here, before their first value. */
  readonly series: readonly Series[];
  readonly ids: Column;
  readonly steps: Column;
  readonly values: Column;
  /** As long as `values`, NaN where an estimate has none; empty if none has. */
  readonly standardErrors: Column;
  readonly points: readonly Points[];
}

/** A scatter of pairs (x[i], y[i]) at one step, in float32. */
export interface Points {
  readonly series: number;
  readonly step: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface Event {
  readonly kind: 'event';
  /** `unknown`: of a later version; to be passed over. */
  readonly what: 'unknown' | 'runStarted' | 'runEnded' | 'failure';
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Whole when it starts or ends; of a failure, its id only. */
  readonly run: Run;
  /** What failed: a probe, a sink or an intervention. Empty when nothing has. */
  readonly source: string;
  readonly step: number;
  readonly message: string;
  /** The source is switched off. */
  readonly off: boolean;
}

/** The bytes of a frame, in memory of their own: they can be posted, transferred and kept. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  // In Node `finish` gives a view on a shared pool.
  return new Uint8Array(wire.Frame.encode(toWire(frame)).finish());
}

/**
 * The frame in `bytes`. Fields that are not known are passed over.
 *
 * @throws Error if the bytes are cut short, malformed, or hold none of the three kinds of frame.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const { hello, batch, event } = wire.Frame.decode(bytes) as unknown as Decoded;
  if (hello) return { kind: 'hello', version: hello.version, runs: hello.runs.map(toRun) };
  if (batch) {
    const { series, ids, steps, values, standardErrors, points } = batch;
    const columns = { ids, steps, values, standardErrors };
    return { kind: 'batch', series: series.map(toSeries), ...columns, points: points.map(toPoints) };
  }
  if (event) {
    const { kind, time, run, source, step, message, off } = event;
    const what = HAPPENINGS[kind] ?? 'unknown';
    return { kind: 'event', what, time, run: run ? toRun(run) : NO_RUN, source, step, message, off };
  }
  throw new RangeError(`decodeFrame: ${bytes.length} bytes hold no hello, batch or event; is the sender newer?`);
}

/** What decoding gives: whole messages, in which an absent field has its default. */
interface Decoded {
  readonly hello?: { readonly version: number; readonly runs: readonly Run[] } | null;
  readonly batch?: Omit<Batch, 'kind'> | null;
  readonly event?: (Omit<Event, 'kind' | 'what' | 'run'> & { readonly kind: number; readonly run: Run | null }) | null;
}

type WireFrame = Parameters<typeof wire.Frame.encode>[0];
type WireBatch = NonNullable<WireFrame['batch']>;

/** By number on the wire. */
const HAPPENINGS = ['unknown', 'runStarted', 'runEnded', 'failure'] as const;

const NO_RUN: Run = { id: '', name: '', started: 0, ended: 0 };

function toWire(frame: Frame): WireFrame {
  switch (frame.kind) {
    case 'hello':
      return { hello: { version: frame.version, runs: [...frame.runs] } };
    case 'batch':
      // Encoding reads the length and the elements only, so typed arrays pass for arrays.
      return { batch: frame as unknown as WireBatch };
    case 'event':
      return { event: { ...frame, kind: HAPPENINGS.indexOf(frame.what) } };
  }
}

const toSeries = ({ id, run, name, unit, attributes }: Series): Series => ({ id, run, name, unit, attributes });
const toPoints = ({ series, step, x, y }: Points): Points => ({ series, step, x, y });
const toRun = ({ id, name, started, ended }: Run): Run => ({ id, name, started, ended });
