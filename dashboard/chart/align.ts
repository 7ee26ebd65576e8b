import { type Column, indexAt } from '../data/column.js';
import { extremes } from '../data/extremes.js';

/** Columns on one axis of steps: null is a gap in a line, undefined a step at which that line has nothing to say. */
export interface Aligned {
  readonly steps: number[];
  readonly values: (number | null | undefined)[][];
  /** Of all finite values with their standard errors; Infinity and −Infinity if there are none. */
  readonly least: number;
  readonly greatest: number;
}

/**
 * What is to be drawn of `columns` between the steps `from` and `to` on `pixels` pixels, with one point more at either side
 * so that lines run to the edge. At most a few points a pixel, the extremes among them; a value that is not finite is a gap.
 */
export function align(columns: readonly Column[], from: number, to: number, pixels: number): Aligned {
  const picked = columns.map((column) => visible(column, from, to, pixels));
  const gaps = columns.map(({ nonFinite }) => nonFinite.map(({ step }) => step).filter((s) => s >= from && s <= to));
  const steps = ascending([...picked.flatMap((at, c) => at.map((i) => columns[c]!.steps[i]!)), ...gaps.flat()]);
  const position = new Map(steps.map((step, i) => [step, i]));
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const values = columns.map((column, c) => {
    const line = new Array<number | null | undefined>(steps.length).fill(undefined);
    for (const step of gaps[c]!) line[position.get(step)!] = null;
    for (const i of picked[c]!) {
      const value = column.values[i]!;
      const error = column.errors[i]! || 0;
      line[position.get(column.steps[i]!)!] = value;
      least = Math.min(least, value - error);
      greatest = Math.max(greatest, value + error);
    }
    return line;
  });
  return { steps, values, least, greatest };
}

/** The indices of a column that are worth drawing. */
export function visible(column: Column, from: number, to: number, pixels: number): number[] {
  const first = Math.max(0, indexAt(column, from) - (column.steps[indexAt(column, from)] === from ? 1 : 0));
  const end = Math.min(column.length, indexAt(column, to) + 2);
  return extremes(column.values, first, end, pixels);
}

function ascending(steps: number[]): number[] {
  return [...new Set(Float64Array.from(steps).sort())];
}
