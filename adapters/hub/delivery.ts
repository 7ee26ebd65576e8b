import type { Event, Points, Series } from '../../proto/codec.js';

/** What the training thread posts to the hub's worker, at most once a step: all that has come since the last one. */
export interface Delivery {
  /** Introduced before their first value. */
  readonly series: readonly Series[];
  /** `ROW` numbers for each measurement: the id of its series, step, value, and standard error or NaN. */
  readonly rows: Float64Array<ArrayBuffer>;
  readonly points: readonly Points[];
  readonly events: readonly Event[];
}

/** Numbers in a row of a delivery. */
export const ROW = 4;

export const EMPTY_DELIVERY: Delivery = { series: [], rows: new Float64Array(0), points: [], events: [] };
