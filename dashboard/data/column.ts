import { extremes } from './extremes.js';

/** A value that cannot be drawn as a height: NaN, Infinity or −Infinity. */
export interface NonFinite {
  readonly step: number;
  readonly value: number;
}

/**
 * One stream of numbers over a whole run, in memory of bounded size: 24 bytes a number up to `capacity` of them.
 *
 * `steps` ascend strictly; of two values at one step the later holds. When the columns are full they are thinned to about half, the
 * extremes kept: old stretches get coarser, no spike is lost and the start of the run never scrolls out.
 */
export interface Column {
  readonly capacity: number;
  length: number;
  steps: Float64Array;
  values: Float64Array;
  /** Standard errors, NaN where there is none. */
  errors: Float64Array;
  /** The newest of the values that are not finite; all are counted. */
  readonly nonFinite: NonFinite[];
  nonFiniteCount: number;
  /** The newest step, drawable or not; −1 before the first. */
  newest: number;
}

const REMEMBERED_NON_FINITE = 256;

/** Many a stream has few numbers. */
const AT_FIRST = 64;

export function createColumn(capacity = 8192): Column {
  const size = Math.min(AT_FIRST, capacity);
  return {
    capacity,
    length: 0,
    steps: new Float64Array(size),
    values: new Float64Array(size),
    errors: new Float64Array(size),
    nonFinite: [],
    nonFiniteCount: 0,
    newest: -1,
  };
}

export function append(column: Column, step: number, value: number, error = Number.NaN): void {
  if (!Number.isFinite(value)) {
    column.nonFinite.push({ step, value });
    if (column.nonFinite.length > REMEMBERED_NON_FINITE) column.nonFinite.shift();
    column.nonFiniteCount += 1;
  } else {
    if (column.length === column.capacity) thin(column);
    else if (column.length === column.steps.length) enlarge(column);
    place(column, step, value, error);
  }
  column.newest = Math.max(column.newest, step);
}

/** The index of the newest value at or before `step`; −1 if there is none. */
export function indexAt(column: Column, step: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column.steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What a reader would call the value at `step`: the newest at or before it, drawable or not; undefined before the first. */
export function valueAt(column: Column, step: number): number | undefined {
  const i = indexAt(column, step);
  const odd = column.nonFinite.findLast((point) => point.step <= step);
  if (odd && (i < 0 || odd.step > column.steps[i]!)) return odd.value;
  return i < 0 ? undefined : column.values[i]!;
}

function place(column: Column, step: number, value: number, error: number): void {
  let i = column.length;
  if (i > 0 && column.steps[i - 1]! >= step) {
    i = indexAt(column, step);
    if (i < 0 || column.steps[i] !== step) i = makeRoom(column, i + 1);
  } else {
    column.length += 1;
  }
  column.steps[i] = step;
  column.values[i] = value;
  column.errors[i] = error;
}

function makeRoom(column: Column, at: number): number {
  for (const part of [column.steps, column.values, column.errors]) part.copyWithin(at + 1, at, column.length);
  column.length += 1;
  return at;
}

function enlarge(column: Column): void {
  const size = Math.min(column.capacity, 2 * column.length);
  const enlarged = (part: Float64Array): Float64Array => {
    const larger = new Float64Array(size);
    larger.set(part);
    return larger;
  };
  column.steps = enlarged(column.steps);
  column.values = enlarged(column.values);
  column.errors = enlarged(column.errors);
}

function thin(column: Column): void {
  const kept = extremes(column.values, 0, column.length, column.length / 4);
  kept.forEach((from, to) => {
    column.steps[to] = column.steps[from]!;
    column.values[to] = column.values[from]!;
    column.errors[to] = column.errors[from]!;
  });
  column.length = kept.length;
}
