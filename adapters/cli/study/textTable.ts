/** A column: its head, and whether it holds numbers, which stand flush right. */
export interface Column {
  readonly head: string;
  readonly numbers?: boolean;
}

/** Lays cells out for a terminal: the head, a rule, the rows. A column of empty cells is left out. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    shown
      .map((i) => (columns[i]!.numbers ? cells[i]!.padStart(widths[i]!) : cells[i]!.padEnd(widths[i]!)))
      .join(GAP)
      .trimEnd();
  const rule = '─'.repeat(shown.reduce((sum, i) => sum + widths[i]! + GAP.length, -GAP.length));
  return [line(columns.map(({ head }) => head)), rule, ...rows.map(line)].join('\n');
}

const GAP = '  ';
