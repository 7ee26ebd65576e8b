import type { Batch, Event, Frame, Run } from '../../proto/codec.js';
import { append, type Column, createColumn } from './column.js';

/** One measured quantity of one run: a name with its attributes. */
export interface Stream {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly column: Column;
  /** The newest points, if the quantity is a set of them. */
  points: Points | undefined;
}

/** A scatter, or a curve from left to right. */
export interface Points {
  readonly step: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Failures of one source with one message, however often they came. */
export interface FailureRow {
  readonly source: string;
  readonly message: string;
  readonly firstStep: number;
  lastStep: number;
  count: number;
  off: boolean;
}

export interface RunRecord {
  readonly id: string;
  name: string;
  /** Milliseconds since 1970; `ended` is 0 while the run goes on. */
  started: number;
  ended: number;
  /** −1 before the first measurement. */
  firstStep: number;
  newestStep: number;
  readonly streams: Stream[];
  readonly failures: FailureRow[];
}

/** All that one connection has told, folded together. Changed in place: a frame costs what it carries, not what is known. */
export interface Board {
  readonly runs: Map<string, RunRecord>;
  /** By the number that the connection gave the series. */
  readonly streams: Map<number, { readonly run: RunRecord; readonly stream: Stream }>;
}

const REMEMBERED_FAILURES = 200;

/** As many as the hub remembers. */
const REMEMBERED_RUNS = 64;

export const createBoard = (): Board => ({ runs: new Map(), streams: new Map() });

/** Takes one frame in. A hello starts afresh: what the hub remembers follows it. */
export function take(board: Board, frame: Frame): void {
  switch (frame.kind) {
    case 'hello':
      board.runs.clear();
      board.streams.clear();
      for (const run of frame.runs) introduce(board, run);
      break;
    case 'batch':
      takeBatch(board, frame);
      break;
    case 'event':
      takeEvent(board, frame);
  }
}

/** The run that began last; what a page shows until somebody chooses. */
export function latestRun(board: Board): RunRecord | undefined {
  let latest: RunRecord | undefined;
  for (const run of board.runs.values()) if (!latest || run.started >= latest.started) latest = run;
  return latest;
}

function introduce(board: Board, { id, name, started, ended }: Run): RunRecord {
  const known = board.runs.get(id);
  if (known) return Object.assign(known, { name: name || known.name, started: started || known.started, ended });
  const run: RunRecord = {
    id,
    name: name || id,
    started,
    ended,
    firstStep: -1,
    newestStep: -1,
    streams: [],
    failures: [],
  };
  board.runs.set(id, run);
  if (board.runs.size > REMEMBERED_RUNS) forget(board, oldestRun(board));
  return run;
}

/** Of those that have ended, if there is one. */
function oldestRun(board: Board): RunRecord {
  const all = [...board.runs.values()];
  return all.find((run) => run.ended > 0) ?? all[0]!;
}

function forget(board: Board, run: RunRecord): void {
  board.runs.delete(run.id);
  for (const [id, stream] of board.streams) if (stream.run === run) board.streams.delete(id);
}

function takeBatch(board: Board, { series, ids, steps, values, standardErrors, points }: Batch): void {
  for (const { id, run: runId, name, unit, attributes } of series) {
    const run = board.runs.get(runId) ?? introduce(board, { id: runId, name: '', started: 0, ended: 0 });
    const stream: Stream = { name, unit, attributes, column: createColumn(), points: undefined };
    run.streams.push(stream);
    board.streams.set(id, { run, stream });
  }
  for (let i = 0; i < ids.length; i++) {
    const target = board.streams.get(ids[i]!);
    if (!target) continue;
    append(target.stream.column, steps[i]!, values[i]!, standardErrors[i]);
    reach(target.run, steps[i]!);
  }
  for (const { series: id, step, x, y } of points) {
    const target = board.streams.get(id);
    if (!target) continue;
    target.stream.points = { step, x, y };
    reach(target.run, step);
  }
}

function reach(run: RunRecord, step: number): void {
  run.firstStep = run.firstStep < 0 ? step : Math.min(run.firstStep, step);
  run.newestStep = Math.max(run.newestStep, step);
}

function takeEvent(board: Board, event: Event): void {
  if (event.what === 'runStarted' || event.what === 'runEnded') introduce(board, event.run);
  if (event.what === 'failure') {
    const run = board.runs.get(event.run.id);
    if (run) recordFailure(run.failures, event);
  }
}

function recordFailure(failures: FailureRow[], { source, step, message, off }: Event): void {
  const known = failures.find((row) => row.source === source && row.message === message);
  if (known) {
    known.count += 1;
    known.lastStep = step;
    known.off ||= off;
  } else {
    failures.push({ source, message, firstStep: step, lastStep: step, count: 1, off });
    if (failures.length > REMEMBERED_FAILURES) failures.shift();
  }
}
