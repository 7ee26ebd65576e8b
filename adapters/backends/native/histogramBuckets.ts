import { type Tensor, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';

/**
 * What TensorBoard shows of a tensor's values: rows of left edge, right edge, count, `[buckets, 3]`. Values all alike are
 * one bucket of width 1 around them, no values no bucket. NaN and the infinite have no place in it and are left out.
 *
 * That of tfjs-node is written in chained ops, and concatenates scalars, which TensorFlow refuses.
 *
 * @throws RangeError if the number of buckets is no positive integer.
 */
export function histogramBuckets(data: Tensor, buckets = 30): Tensor2D {
  if (!Number.isInteger(buckets) || buckets < 1)
    throw new RangeError(`histogram: buckets must be a positive integer, got ${buckets}`);
  const values = Float64Array.from(data.dataSync()).filter(Number.isFinite);
  if (values.length === 0) return tensor2d([], [0, 3]);
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  if (min === max) return tensor2d([[min - 0.5, max + 0.5, values.length]]);
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  // The largest value belongs to the last bucket, not to one beyond it.
  for (const x of values) counts[Math.min(Math.floor((x - min) / width), buckets - 1)]! += 1;
  const edge = (i: number): number => (i === buckets ? max : min + i * width);
  return tensor2d(counts.map((count, i) => [edge(i), edge(i + 1), count]));
}
