import { rademacher } from './rademacher.js';

/** So many vectors of random signs, or every unit vector once; made as they are asked for. */
export function* directions(
  dimension: number,
  samples: number | 'exact',
  random: () => number,
): Generator<Float64Array> {
  const count = samples === 'exact' ? dimension : samples;
  for (let i = 0; i < count; i++) yield samples === 'exact' ? unit(dimension, i) : rademacher(dimension, random);
}

function unit(dimension: number, i: number): Float64Array {
  const v = new Float64Array(dimension);
  v[i] = 1;
  return v;
}
