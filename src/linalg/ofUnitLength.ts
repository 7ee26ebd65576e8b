import { dot } from './dot.js';

/** x / ‖x‖, and 0 where x = 0. */
export function ofUnitLength(x: Float64Array): Float64Array {
  const length = Math.sqrt(dot(x, x));
  return length === 0 ? x : x.map((value) => value / length);
}
