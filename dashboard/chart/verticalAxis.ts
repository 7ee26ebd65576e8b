import uPlot from 'uplot';
import type { Scale } from '../catalogue/charts.js';
import { minus } from '../catalogue/format.js';
import type { Aligned } from './align.js';

/** How uPlot numbers its distributions. */
export const DISTRIBUTION = { linear: 1, log: 3, symlog: 4 } as const;

export type Distribution = keyof typeof DISTRIBUTION;

/** The ends of what is drawn. */
export type Extent = Pick<Aligned, 'least' | 'greatest'>;

/** A logarithm where all is positive; else one that passes through zero and is linear close to it. */
export const distribution = (scale: Scale, { least }: Pick<Extent, 'least'>): Distribution =>
  scale === 'linear' ? 'linear' : least > 0 ? 'log' : 'symlog';

/** Where a symmetric logarithm turns linear: three decades below the largest value. */
export const linearBelow = ({ least, greatest }: Extent): number => {
  const size = Math.max(Math.abs(least), Math.abs(greatest));
  return Number.isFinite(size) && size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 3) : 1;
};

const ROOM = { pad: 0.08, soft: 0, mode: 3 } as const;

/** Values that differ by less, of their size, differ by the rounding of float32 only. */
const ROUNDING = 1e-5;

/** The ends of the vertical axis: a little room around the values, and 0 where it is near. */
export function range({ least, greatest }: Extent, kind: Distribution): uPlot.Range.MinMax {
  if (least > greatest) return kind === 'log' ? [0.1, 1] : [0, 1];
  // Before all that may reach down to 0, at which uPlot would divide a logarithmic axis without end.
  if (kind === 'log') return uPlot.rangeLog(least, greatest, 10, false);
  if (least === 0 && greatest === 0) return [0, 1];
  if (greatest - least < ROUNDING * Math.abs(greatest)) return uPlot.rangeNum(greatest, greatest, 0.1, true);
  if (kind === 'symlog') return uPlot.rangeAsinh(least, greatest, 10, false);
  return uPlot.rangeNum(least, greatest, { min: ROOM, max: ROOM });
}

/** Labels with as many digits as the increment has; empty where uPlot leaves one out or, on a symmetric logarithm, it would hit the zero. */
export function labels(splits: readonly (number | null)[], increment: number, kind: Distribution): string[] {
  const largest = Math.max(...splits.map((split) => Math.abs(split ?? 0)));
  const digits = decimals(increment);
  const plain = kind === 'linear' && largest < 1e5 && digits <= 4;
  return splits.map((split) => {
    if (split === null || (kind === 'symlog' && split !== 0 && 1000 * Math.abs(split) < largest)) return '';
    return minus(plain ? split.toFixed(digits) : brief(split));
  });
}

/**
 * What is ruled of the splits of an axis: all of a linear one; of a logarithmic one the powers of ten, with 2 and 5 times these
 * if it spans less than two.
 */
export function ruled(splits: readonly number[], kind: Distribution): (number | null)[] {
  if (kind === 'linear') return [...splits];
  const sizes = splits.map(Math.abs).filter((size) => size > 0);
  const digits = Math.max(...sizes) / Math.min(...sizes) < 100 ? [1, 2, 5] : [1];
  return splits.map((split) => (split === 0 || digits.includes(leadingDigit(split)) ? split : null));
}

const leadingDigit = (value: number): number => {
  const size = Math.abs(value);
  return Number((size / 10 ** Math.floor(Math.log10(size) + 1e-9)).toPrecision(6));
};

/** The digits behind the point: 3 of 0.025. */
function decimals(increment: number): number {
  let digits = 0;
  for (let scaled = increment; digits < 12 && !nearlyWhole(scaled); digits++) scaled = increment * 10 ** (digits + 1);
  return digits;
}

const nearlyWhole = (value: number): boolean => Math.round(value) > 0 && Math.abs(value - Math.round(value)) < 1e-6;

/** 0.1, 250, 2e6. */
function brief(value: number): string {
  const size = Math.abs(value);
  const exact = Number(value.toPrecision(6));
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? exact.toExponential().replace('e+', 'e') : String(exact);
}
