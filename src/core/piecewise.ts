/** From this step on, this value. */
export type Piece = readonly [step: number, value: number];

/**
 * Constant from each of the given steps to the next.
 *
 * @throws RangeError if the first piece does not begin at step 0, the steps do not ascend, or a value is negative or NaN.
 *
 * @example
 * sam({ rho: piecewise([0, 0.02], [1000, 0.05], [5000, 0.1]) })
 */
export function piecewise(...pieces: readonly Piece[]): (step: number) => number {
  if (pieces[0]?.[0] !== 0) throw new RangeError(`piecewise: must begin at step 0, got ${pieces[0]?.[0]}`);
  pieces.forEach(([step, value], i) => {
    const before = pieces[i - 1]?.[0] ?? -1;
    if (!(step > before)) throw new RangeError(`piecewise: steps must ascend, got ${step} after ${before}`);
    if (!(value >= 0)) throw new RangeError(`piecewise: values must be >= 0, got ${value} at step ${step}`);
  });
  return (step) => pieces.findLast(([from]) => from <= step)![1];
}
