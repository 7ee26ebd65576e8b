/** One claim, measured: its value, the interval it is known to, and the bound it must keep. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The 95 % interval of the median. */
  readonly interval?: readonly [number, number];
  /** What it must not exceed; absent where nothing is claimed. */
  readonly bound?: number;
  readonly passed: boolean;
}

export function row(name: string, unit: string, median: Median, bound?: number): Row {
  const { value, interval } = median;
  return {
    name,
    value,
    unit,
    interval,
    ...(bound !== undefined && { bound }),
    passed: bound === undefined || value <= bound,
  };
}

export interface Median {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** The median and its 95 % interval, by order statistics: no distribution is assumed. */
export function median(values: readonly number[]): Median {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const half = 0.98 * Math.sqrt(n);
  const at = (i: number): number => sorted[Math.min(n - 1, Math.max(0, Math.round(i)))]!;
  return { value: at((n - 1) / 2), interval: [at(n / 2 - half), at(n / 2 + half)] };
}

export function rowTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, interval, bound, passed }) => [
    name,
    value.toPrecision(3),
    interval ? `${interval[0].toPrecision(3)} … ${interval[1].toPrecision(3)}` : '',
    unit,
    bound === undefined ? '' : `≤ ${bound}`,
    passed ? '' : 'FAILED',
  ]);
  const table = [['', 'median', '95 % interval', 'unit', 'bound', ''], ...cells];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((r) => r[i]!.length)));
  return table
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
