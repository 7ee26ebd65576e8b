import { figures, rounded } from './figures.js';
import type { Measured } from './measured.js';

/** A cell's alignment. */
const columns = [
  { head: 'metric', right: false },
  { head: 'layer', right: false },
  { head: 'value', right: true },
  { head: '±', right: true },
  { head: 'unit', right: false },
  { head: 'gradients', right: true },
  { head: 'time', right: true },
] as const;

/**
 * Lays measurements out for a terminal: what, of which layer, its value with its error, its unit, and what it took.
 *
 * A name stands once above its layers, and a cost once above what was measured for it; a column that is empty is left out.
 */
export function measuredTable(measurements: readonly Measured[]): string {
  const numbers = measurements.filter((measured) => typeof measured.value === 'number');
  const body = numbers.map((measured, i) => row(measured, numbers[i - 1]));
  const shown = columns.map((_, column) => body.some((cells) => cells[column] !== ''));
  const rows = [columns.map(({ head }) => head as string), ...body].map((cells) => cells.filter((_, i) => shown[i]));
  const right = columns.filter((_, i) => shown[i]).map((column) => column.right);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const [head, ...lines] = rows.map(line);
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const spaced = lines.map((text, i) => (isNewFamily(numbers, i) ? `\n${text}` : text));
  return [head, rule, ...spaced].join('\n');
}

function row(measured: Measured, above: Measured | undefined): string[] {
  const { name, attributes, unit, standardError, residual, cost } = measured;
  const { value, error } = figures(measured.value as number, standardError || residual);
  const paid = cost !== undefined && cost !== above?.cost;
  return [
    name === above?.name ? '' : name,
    String(attributes.layer ?? attributes.parameter ?? ''),
    value,
    error,
    unit === '1' ? '' : unit.replace(/[{}]/g, ''),
    paid ? rounded(cost.gradients) : '',
    paid ? duration(cost.ms) : '',
  ];
}

const isNewFamily = (measurements: readonly Measured[], i: number): boolean =>
  i > 0 && family(measurements[i]!) !== family(measurements[i - 1]!);

const family = ({ name }: Measured): string => name.split('.')[0]!;

const duration = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);
