import type { Observable } from 'rxjs';
import { vi } from 'vitest';

/** A line of a diagram: what somebody sees, or in the line `loop` what is done. */
export interface Row {
  readonly name: string;
  readonly marbles: string;
}

/** The rows of a diagram, whose names end where two spaces begin; columns are counted from where `loop` begins. */
export function parseMarbles(diagram: string): Row[] {
  const lines = diagram.split('\n').filter((line) => line.trim() !== '');
  const start = /^loop +/.exec(lines[0]!)![0].length;
  return lines.map((line) => ({ name: line.slice(0, start).trim(), marbles: line.slice(start).trimEnd() }));
}

/**
 * Plays a diagram in virtual time, one millisecond a column, and draws what was seen in its place.
 *
 * A row subscribes at its `^`, or before all, and unsubscribes at its `!`. What comes on subscribing stands after the `^`,
 * and what comes at once in parentheses. Needs fake timers.
 */
export async function playMarbles(
  rows: readonly Row[],
  act: (action: string) => void,
  streamOf: (name: string) => Observable<string>,
): Promise<Row[]> {
  const [loop, ...streams] = rows as [Row, ...Row[]];
  const seen = streams.map((row) => watch(row, () => streamOf(row.name)));
  for (const row of seen) row.at(-1);
  for (let column = 0; column < Math.max(...rows.map(({ marbles }) => marbles.length)); column++) {
    for (const row of seen) row.at(column);
    if (column > 0) await vi.advanceTimersByTimeAsync(1);
    const action = loop.marbles[column] ?? '-';
    if (action !== '-') act(action);
    await vi.advanceTimersByTimeAsync(0);
  }
  return [loop, ...seen.map(({ draw }, i) => ({ name: streams[i]!.name, marbles: draw() }))];
}

function watch({ marbles }: Row, stream: () => Observable<string>) {
  const [begin, end] = [marbles.indexOf('^'), marbles.indexOf('!')];
  const items = new Map<number, string>();
  let subscription: { unsubscribe(): void } | undefined;
  let now = -1;
  const see = (item: string): void => {
    const column = Math.max(0, now === begin ? now + 1 : now);
    items.set(column, (items.get(column) ?? '') + item);
  };
  return {
    /** The clock is at a column. */
    at(column: number): void {
      now = column;
      if (column === begin)
        subscription = stream().subscribe({ next: see, error: () => see('#'), complete: () => see('|') });
      if (column === end && column >= 0) subscription?.unsubscribe();
    },
    draw(): string {
      if (begin >= 0) items.set(begin, '^');
      if (end >= 0) items.set(end, '!');
      let drawn = '';
      for (const [column, seen] of [...items].sort(([a], [b]) => a - b)) {
        const fill = begin >= 0 && column <= begin ? ' ' : '-';
        drawn = drawn.padEnd(column, fill) + (seen.length > 1 ? `(${seen})` : seen);
      }
      return drawn;
    },
  };
}
