/**
 * The indices in `[from, to)` that keep the shape of `values`: the first, the last, and the least and greatest of every bucket.
 *
 * A bucket is a run of 2^k indices that starts at a multiple of 2^k, the smallest such that at most `buckets` + 1 are
 * needed. So a spike of one point always survives, and what was kept stays kept while values are added behind.
 */
export function extremes(values: ArrayLike<number>, from: number, to: number, buckets: number): number[] {
  const kept: number[] = [];
  if (to - from <= 2 * buckets) {
    for (let i = from; i < to; i++) kept.push(i);
    return kept;
  }
  const size = 2 ** Math.ceil(Math.log2((to - from) / buckets));
  kept.push(from);
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / size) + 1) * size);
    for (const i of leastAndGreatest(values, start, end)) if (i !== kept.at(-1)) kept.push(i);
    start = end;
  }
  if (kept.at(-1) !== to - 1) kept.push(to - 1);
  return kept;
}

function leastAndGreatest(values: ArrayLike<number>, start: number, end: number): [number, number] {
  let least = start;
  let greatest = start;
  for (let i = start + 1; i < end; i++) {
    if (values[i]! < values[least]!) least = i;
    if (values[i]! > values[greatest]!) greatest = i;
  }
  return least < greatest ? [least, greatest] : [greatest, least];
}
