import type { Measurement } from '../../src/core/watching.js';

/** The newest value of a series of numbers. */
export interface LastValue {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Measurement['attributes'];
  readonly step: number;
  readonly value: number;
  readonly standardError?: number;
}

/** Keeps the newest number of every series; point sets are left to the dashboard. */
export function lastValues(): { take(measurement: Measurement): void; list(): LastValue[] } {
  const last = new Map<string, LastValue>();
  return {
    take({ name, unit, attributes, step, value, standardError }) {
      if (typeof value !== 'number') return;
      const error = standardError === undefined ? {} : { standardError };
      last.set(`${name} ${JSON.stringify(attributes)}`, { name, unit, attributes, step, value, ...error });
    },
    list: () => [...last.values()].sort((a, b) => order(a).localeCompare(order(b))),
  };
}

const order = ({ name, attributes }: LastValue): string => `${name} ${described(attributes)}`;

/** Lays the values out for a terminal: name, what it is of, value with error, unit, step. */
export function measurementTable(values: readonly LastValue[]): string {
  const rows = [
    ['metric', 'of', 'value', '± s.e.', 'unit', 'step'],
    ...values.map(({ name, attributes, value, standardError, unit, step }) => [
      name,
      described(attributes),
      digits(value),
      standardError === undefined ? '' : digits(standardError),
      unit === '1' ? '' : unit.replace(/[{}]/g, ''),
      String(step),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const rightAligned = new Set([2, 3, 5]);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (rightAligned.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const [head, ...body] = rows.map(line);
  return [head, '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body].join('\n');
}

const digits = (value: number): string =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));

/** The attributes that tell series of one name apart; how a thing was measured is left to `--json`. */
const described = ({ layer, probe, network, sink, verdict }: Measurement['attributes']): string =>
  [layer, probe, network, sink, verdict].filter((value) => value !== undefined).join(', ');
