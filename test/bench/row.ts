/** One claim, measured: its value, the interval it is known to, and the bound it must keep. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The 95 % interval of the median. */
  readonly interval?: readonly [number, number];
  /** What it must not exceed; absent where nothing is claimed. */
  readonly bound?: number;
  /** The same of other libraries, measured in the same run, by their names; empty where none of those measured has it. */
  readonly peer?: Readonly<Record<string, number>>;
  readonly passed: boolean;
}

export interface Median {
  readonly value: number;
  readonly interval?: readonly [number, number];
}

/** What peers take; one that was not measured is undefined. */
export type Peer = Readonly<Record<string, number | undefined>>;

export function row(name: string, unit: string, { value, interval }: Median, bound?: number, peer?: Peer): Row {
  return {
    name,
    value,
    unit,
    ...(interval && { interval }),
    ...(bound !== undefined && { bound }),
    ...(peer && { peer: measured(peer) }),
    passed: bound === undefined || value <= bound,
  };
}

const measured = (peer: Peer): Record<string, number> =>
  Object.fromEntries(Object.entries(peer).filter((entry): entry is [string, number] => entry[1] !== undefined));

/** The median and its 95 % interval, by order statistics: no distribution is assumed. */
export function median(values: readonly number[]): Median {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const half = 0.98 * Math.sqrt(n);
  const at = (i: number): number => sorted[Math.min(n - 1, Math.max(0, Math.round(i)))]!;
  return { value: at((n - 1) / 2), interval: [at(n / 2 - half), at(n / 2 + half)] };
}

export function rowTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, interval, bound, peer, passed }) => [
    name,
    value.toPrecision(3),
    interval ? `${interval[0].toPrecision(3)} … ${interval[1].toPrecision(3)}` : '',
    unit,
    bound === undefined ? '' : `≤ ${bound}`,
    passed ? '' : 'FAILED',
    peer ? described(peer) : '',
  ]);
  const heads = ['', 'median', '95 % interval', 'unit', 'bound', '', rows.some(({ peer }) => peer) ? 'peers' : ''];
  const table = [heads, ...cells];
  const widths = heads.map((_, i) => Math.max(...table.map((r) => r[i]!.length)));
  return table
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function described(peer: Readonly<Record<string, number>>): string {
  const parts = Object.entries(peer).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
  return parts.join(', ') || 'none has it';
}
