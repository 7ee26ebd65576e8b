import type { Points } from '../../../src/core/watching.js';
import { rounded } from './figures.js';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Decades below the peak that are shown. */
const DECADES = 4;

/**
 * Draws a density over the eigenvalues as columns of text, its height logarithmic: most eigenvalues lie near zero, and the
 * few that matter are decades below.
 *
 * @param width of the whole, in characters.
 */
export function densityPlot({ x, y }: Points, width: number, height = 8): string {
  const [left, right] = [x[0]!, x.at(-1)!];
  const margin = 7;
  const count = Math.max(20, Math.min(width - margin - 1, 100));
  const peaks = columnsOf(x, y, count, left, right);
  const highest = Math.max(...peaks);
  const floor = Math.log10(highest) - DECADES;
  const eighths = peaks.map((peak) => {
    const share = peak > 0 ? (Math.log10(peak) - floor) / DECADES : 0;
    return Math.round(Math.max(0, share) * height * 8);
  });
  const lines = Array.from({ length: height }, (_, i) => {
    const below = (height - 1 - i) * 8;
    const bars = eighths.map((n) => EIGHTHS[Math.min(8, Math.max(0, n - below))]).join('');
    return `${tick(i, height, highest).padStart(margin - 1)} │${bars}`.trimEnd();
  });
  return [...lines, `${' '.repeat(margin)}└${'─'.repeat(count)}`, axis(left, right, count, margin + 1)].join('\n');
}

/** The highest density in each column; between the points of the grid, that of the nearest. */
function columnsOf(
  x: readonly number[],
  y: readonly number[],
  count: number,
  left: number,
  right: number,
): readonly number[] {
  const peaks = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  const scale = count / (right - left || 1);
  x.forEach((at, i) => {
    const column = Math.min(count - 1, Math.floor((at - left) * scale));
    peaks[column] = Math.max(peaks[column]!, y[i]!);
  });
  let last = 0;
  return peaks.map((peak) => (last = Number.isFinite(peak) ? peak : last));
}

/** A label at the top, in the middle and at the bottom of the vertical axis. */
function tick(line: number, height: number, highest: number): string {
  if (line === 0) return highest.toPrecision(2);
  if (line === height - 1) return (highest / 10 ** (DECADES * (1 - 1 / height))).toExponential(0);
  return '';
}

/** The ends of the horizontal axis, and zero where it lies between with room around. */
function axis(left: number, right: number, count: number, margin: number): string {
  const cells = Array.from({ length: margin + count }, () => ' ');
  const put = (text: string, at: number): void => void cells.splice(at, text.length, ...text);
  const [first, last] = [rounded(left), rounded(right)];
  put(first, margin);
  put(last, margin + count - last.length);
  const zero = margin + Math.round((-left / (right - left)) * count);
  if (zero > margin + first.length + 1 && zero < margin + count - last.length - 2) put('0', zero);
  return cells.join('');
}
