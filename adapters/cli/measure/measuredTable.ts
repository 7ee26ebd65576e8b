import { styleText } from 'node:util';
import { figures, rounded } from './figures.js';
import type { Measured } from './measured.js';

const columns = [
  { head: 'metric', right: false, cost: false },
  { head: 'of', right: false, cost: false },
  { head: 'value', right: true, cost: false },
  { head: '±', right: true, cost: false },
  { head: 'gradients', right: true, cost: true },
  { head: 'time', right: true, cost: true },
] as const;

/**
 * Lays measurements out for a terminal: what, of which layer, its value with its error, and what it took.
 *
 * A name stands once above its layers, and a cost once, where it was paid. A column that is empty is left out; where the
 * terminal is too narrow, so is the cost, and then long names of layers lose their middle.
 */
export function measuredTable(measurements: readonly Measured[], width: number): string {
  const ordered = byName(measurements);
  const paid = new Set(ordered.map(({ cost }) => cost));
  const body = ordered.map((measured, i) => row(measured, ordered[i - 1]?.name, paid.delete(measured.cost)));
  const rows = [columns.map(({ head }) => head as string), ...body];
  const widths = columns.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const shown = fitting(widths, body, width);
  const excess = Math.max(0, lengthOf(shown, widths) - width);
  widths[OF] = Math.min(widths[OF]!, Math.max(OF_LEAST, widths[OF]! - excess));
  const [head, ...lines] = rows.map((cells) =>
    shown
      .map((i) => (columns[i]!.right ? cells[i]!.padStart(widths[i]!) : shortened(cells[i]!, widths[i]!)))
      .join(GAP)
      .trimEnd(),
  );
  const spaced = lines.map((line, i) => (i > 0 && block(ordered[i]!) !== block(ordered[i - 1]!) ? `\n${line}` : line));
  return [styleText('dim', `${head}\n${'─'.repeat(lengthOf(shown, widths))}`), ...spaced].join('\n');
}

const GAP = '  ';

/** The column of layers, and the least that is left of it. */
const [OF, OF_LEAST] = [1, 8];

const lengthOf = (shown: readonly number[], widths: readonly number[]): number =>
  shown.reduce((sum, i) => sum + widths[i]! + GAP.length, -GAP.length);

/** The columns that hold something; costs only as long as they fit. */
function fitting(widths: readonly number[], body: readonly (readonly string[])[], width: number): readonly number[] {
  let shown = columns.map((_, i) => i).filter((i) => body.some((cells) => cells[i] !== ''));
  while (lengthOf(shown, widths) > width && columns[shown.at(-1)!]!.cost) shown = shown.slice(0, -1);
  return shown;
}

/** Of exactly this length: filled up, or without its middle, since names differ at their ends. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text.padEnd(length);
  const end = Math.ceil((length - 1) / 2);
  return `${text.slice(0, length - 1 - end)}…${text.slice(-end)}`;
}

/** All of one name together, in the order in which the names came. */
const byName = (measurements: readonly Measured[]): Measured[] =>
  [...new Set(measurements.map(({ name }) => name))].flatMap((name) => measurements.filter((m) => m.name === name));

function row(measured: Measured, above: string | undefined, paid: boolean): string[] {
  const { name, attributes, standardError, residual, cost } = measured;
  const { value, error } = figures(measured.value as number, standardError || residual);
  return [
    name === above ? '' : name,
    String(attributes.layer ?? attributes.parameter ?? ''),
    value,
    attributes.converged === false ? `${error} ?` : error,
    paid && cost && cost.gradients > 0 ? rounded(cost.gradients) : '',
    paid && cost ? duration(cost.ms) : '',
  ];
}

/** What stands together between blank lines. */
function block({ name }: Measured): string {
  const family = name.split('.')[0]!;
  return ['train', 'gradient', 'sharpness'].includes(family) ? 'first order' : family;
}

function duration(ms: number): string {
  if (ms < 0.5) return '';
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
