import type { Event, Points, Series } from '../../proto/codec.js';
import { type Delivery, ROW } from './delivery.js';

/** What waits in the training thread for the next post. */
export interface Outbox {
  introduce(series: Series): void;
  measured(series: number, step: number, value: number, standardError: number): void;
  scattered(points: Points): void;
  happened(event: Event): void;
  /** Counts a measurement that could not be put in. */
  lost(): void;
  /** Everything that waits; the outbox is empty afterwards. */
  take(): Delivery;
  readonly empty: boolean;
  /** How many measurements and events have been lost so far. */
  readonly dropped: number;
}

export interface OutboxBounds {
  readonly rows: number;
  readonly points: number;
  readonly events: number;
}

/**
 * An outbox within bounds: past one, the oldest of its kind is dropped and counted. Series are never dropped, nor is the
 * start or the end of a run, for what comes later needs them.
 */
export function outbox(bounds: OutboxBounds): Outbox {
  const ring = new Float64Array(bounds.rows * ROW);
  let first = 0;
  let waiting = 0;
  let dropped = 0;
  let series: Series[] = [];
  let points: Points[] = [];
  let events: Event[] = [];

  function takeRows(): Float64Array<ArrayBuffer> {
    const end = first + waiting;
    const rows = ring.slice(first * ROW, Math.min(end, bounds.rows) * ROW);
    const wrapped = ring.subarray(0, Math.max(0, end - bounds.rows) * ROW);
    first = 0;
    waiting = 0;
    return wrapped.length === 0 ? rows : joined(rows, wrapped);
  }

  function drop(list: unknown[], at: number): void {
    list.splice(at, 1);
    dropped++;
  }

  return {
    introduce: (one) => series.push(one),
    measured(id, step, value, standardError) {
      if (waiting === bounds.rows) {
        first = (first + 1) % bounds.rows;
        waiting--;
        dropped++;
      }
      const at = ((first + waiting++) % bounds.rows) * ROW;
      ring[at] = id;
      ring[at + 1] = step;
      ring[at + 2] = value;
      ring[at + 3] = standardError;
    },
    scattered(one) {
      points.push(one);
      if (points.length > bounds.points) drop(points, 0);
    },
    happened(event) {
      events.push(event);
      const oldest = events.findIndex(({ what }) => what === 'failure');
      if (events.length > bounds.events && oldest >= 0) drop(events, oldest);
    },
    lost: () => void dropped++,
    take() {
      const delivery = { series, rows: takeRows(), points, events };
      [series, points, events] = [[], [], []];
      return delivery;
    },
    get empty() {
      return waiting + points.length + events.length === 0;
    },
    get dropped() {
      return dropped;
    },
  };
}

function joined(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
