import type { Points } from '../../../src/core/watching.js';
import { rounded } from './figures.js';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Room for the labels of the vertical axis. */
const MARGIN = 8;

/**
 * Draws a density over the eigenvalues as columns of text, its height logarithmic: most eigenvalues lie near zero, and the
 * few that matter are decades below. It reaches so deep that a single eigenvalue is seen, and a hundredth of one, since the
 * estimate of one is rough. The labels are the highest density, and that of the ground.
 *
 * @param dimension how many eigenvalues there are.
 * @param width of the whole, in characters.
 */
export function densityPlot({ x, y }: Points, dimension: number, width: number, height = 8): string {
  const [left, right] = [x[0]!, x.at(-1)!];
  const count = Math.max(20, Math.min(width - MARGIN, 100));
  const peaks = columnsOf(x, y, count);
  const highest = Math.max(...peaks);
  const decades = 2 + Math.ceil(Math.log10(dimension));
  const ground = highest / 10 ** decades;
  const eighths = peaks.map((peak) => Math.round((Math.log10(Math.max(peak, ground) / ground) / decades) * height * 8));
  const lines = Array.from({ length: height }, (_, i) => {
    const below = (height - 1 - i) * 8;
    const bars = eighths.map((n) => EIGHTHS[Math.min(8, Math.max(0, n - below))]).join('');
    return `${label(i === 0 ? highest : undefined)} │${bars}`.trimEnd();
  });
  return [...lines, `${label(ground)} └${'─'.repeat(count)}`, axis(left, right, count)].join('\n');
}

const label = (value: number | undefined): string => (value === undefined ? '' : short(value)).padStart(MARGIN - 2);

const short = (value: number): string =>
  value >= 0.01 && value < 1000 ? value.toPrecision(2) : value.toExponential(1);

/** The highest density in each column; where no point falls into one, that of the column before. */
function columnsOf(x: readonly number[], y: readonly number[], count: number): readonly number[] {
  const [left, right] = [x[0]!, x.at(-1)!];
  const peaks = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  x.forEach((at, i) => {
    const column = Math.min(count - 1, Math.floor(((at - left) / (right - left || 1)) * count));
    peaks[column] = Math.max(peaks[column]!, y[i]!);
  });
  let last = 0;
  return peaks.map((peak) => {
    if (Number.isFinite(peak)) last = peak;
    return last;
  });
}

/** The ends of the horizontal axis, and zero where it lies between with room around. */
function axis(left: number, right: number, count: number): string {
  const cells = Array.from({ length: MARGIN + count }, () => ' ');
  const put = (text: string, at: number): void => void cells.splice(at, text.length, ...text);
  const [first, last] = [rounded(left), rounded(right)];
  put(first, MARGIN);
  put(last, MARGIN + count - last.length);
  const zero = MARGIN + Math.floor((-left / (right - left)) * count);
  if (zero > MARGIN + first.length && zero < MARGIN + count - last.length - 1) put('0', zero);
  return cells.join('');
}
