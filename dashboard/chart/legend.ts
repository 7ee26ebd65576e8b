import type { Chart } from '../catalogue/arrange.js';
import { formatError, formatNumber } from '../catalogue/format.js';
import { indexAt, valueAt } from '../data/column.js';

/** A row of a legend. */
export interface LegendRow {
  readonly label: string;
  readonly value: string;
  /** One standard error; empty if there is none. */
  readonly error: string;
  readonly nonFinite: number;
}

/** What each line reads at `step`, by default at its newest. */
export const legend = ({ lines, factor }: Chart, step = Number.POSITIVE_INFINITY): LegendRow[] =>
  lines.map(({ label, stream: { column } }) => {
    const value = valueAt(column, step);
    const error = column.errors[indexAt(column, step)] ?? Number.NaN;
    const drawable = value !== undefined && Number.isFinite(value) && Number.isFinite(error);
    return {
      label,
      value: formatNumber(value === undefined ? undefined : factor * value),
      error: drawable ? formatError(factor * error) : '',
      nonFinite: column.nonFiniteCount,
    };
  });

/** The chart in a sentence, for those who do not see it. */
export const spoken = ({ title, unit }: Chart, rows: readonly LegendRow[]): string =>
  `${title} over training steps. ${rows.map(({ label, value }) => `${label}: ${value} ${unit}`.trim()).join('; ')}.`;
