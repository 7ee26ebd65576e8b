import type { Batch, Event } from '../../proto/codec.js';
import { EMPTY_BATCH, inBatches } from './batches.js';
import { type Delivery, ROW } from './delivery.js';

/**
 * The frames that tell what some deliveries tell, in an order in which a viewer can follow: runs that start, series
 * and their values, then what else happened.
 */
export function toFrames(deliveries: readonly Delivery[]): (Batch | Event)[] {
  const events = deliveries.flatMap((d) => d.events);
  const series = deliveries.flatMap((d) => d.series);
  const points = deliveries.flatMap((d) => d.points);
  const column = (of: number) => columnOf(deliveries, of);
  return [
    ...events.filter((event) => event.what === 'runStarted'),
    ...(series.length + points.length > 0 ? [{ ...EMPTY_BATCH, series, points }] : []),
    ...inBatches({ ids: column(0), steps: column(1), values: column(2), standardErrors: column(3) }),
    ...events.filter((event) => event.what !== 'runStarted'),
  ];
}

function columnOf(deliveries: readonly Delivery[], column: number): Float64Array {
  const all = new Float64Array(deliveries.reduce((n, { rows }) => n + rows.length, 0) / ROW);
  let at = 0;
  for (const { rows } of deliveries) {
    for (let i = column; i < rows.length; i += ROW) all[at++] = rows[i]!;
  }
  return all;
}
