import { SingleBar } from 'cli-progress';

/** A bar on the terminal, which stays unless it is to be cleared; nothing where the output is not one. */
export function progress(
  what: string,
  total: number,
  { clear = false } = {},
): { at(done: number, note: string): void; end(): void } {
  if (!process.stderr.isTTY) return { at() {}, end() {} };
  const bar = new SingleBar({
    format: `${what.padEnd(8)} {bar} {value}/{total}  {note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    clearOnComplete: clear,
    stream: process.stderr,
  });
  bar.start(total, 0, { note: '' });
  return { at: (done, note) => bar.update(done, { note }), end: () => bar.stop() };
}
