import uPlot from 'uplot';
import type { Scale } from '../catalogue/charts.js';
import { minus } from '../catalogue/format.js';
import type { Aligned } from './align.js';

/** How uPlot numbers its distributions. */
export const DISTRIBUTION = { linear: 1, log: 3, symlog: 4 } as const;

export type Distribution = keyof typeof DISTRIBUTION;

/** A logarithm where all is positive; else one that passes through zero and is linear close to it. */
export const distribution = (scale: Scale, { least }: Aligned): Distribution =>
  scale === 'linear' ? 'linear' : least > 0 ? 'log' : 'symlog';

/** Where a symmetric logarithm turns linear: three decades below the largest value. */
export const linearBelow = ({ least, greatest }: Aligned): number => {
  const size = Math.max(Math.abs(least), Math.abs(greatest));
  return Number.isFinite(size) && size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 3) : 1;
};

const ROOM = { pad: 0.08, soft: 0, mode: 3 } as const;

/** The ends of the vertical axis: a little room around the values, and 0 where it is near. */
export function range({ least, greatest }: Aligned, kind: Distribution): uPlot.Range.MinMax {
  if (least > greatest) return kind === 'log' ? [0.1, 1] : [0, 1];
  if (kind === 'log') return uPlot.rangeLog(least, greatest, 10, false);
  if (kind === 'symlog') return uPlot.rangeAsinh(least, greatest, 10, false);
  return uPlot.rangeNum(least, greatest, { min: ROOM, max: ROOM });
}

/** Labels with as many digits as the increment has; empty where uPlot leaves one out. */
export function labels(splits: readonly (number | null)[], increment: number, kind: Distribution): string[] {
  const largest = Math.max(...splits.map((split) => Math.abs(split ?? 0)));
  const digits = decimals(increment);
  const plain = kind === 'linear' && largest < 1e5 && digits <= 4;
  return splits.map((split) => {
    if (split === null) return '';
    return minus(plain ? split.toFixed(digits) : brief(split));
  });
}

/** The powers of ten, to be ruled on a logarithmic axis; on a linear one all. */
export const ruled = (splits: readonly number[], kind: Distribution): (number | null)[] =>
  splits.map((split) => (kind === 'linear' || split === 0 || isPowerOfTen(Math.abs(split)) ? split : null));

const isPowerOfTen = (value: number): boolean => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;

/** The digits behind the point: 3 of 0.025. */
function decimals(increment: number): number {
  let digits = 0;
  while (digits < 12 && Math.abs(increment * 10 ** digits - Math.round(increment * 10 ** digits)) > 1e-6) digits++;
  return digits;
}

/** 0.1, 250, 2e6. */
function brief(value: number): string {
  const size = Math.abs(value);
  const exact = Number(value.toPrecision(6));
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? exact.toExponential().replace('e+', 'e') : String(exact);
}
