import { expect, test } from 'vitest';
import { densityPlot } from '../../../../adapters/cli/measure/densityPlot.js';

/** Thirty bins from −1 to 2, one of them high, and two a hundredth and a ten thousandth of it. */
function density(): { x: number[]; y: number[] } {
  const x = Array.from({ length: 30 }, (_, i) => -1 + (3 * i) / 29);
  const y = x.map((_, i) => ({ 10: 50, 20: 0.5, 25: 0.005 })[i] ?? 0);
  return { x, y };
}

const lines = densityPlot(density(), 100, 38, 4).split('\n');
/** How high the column of a bin is, in eighths of a line. */
const heightOf = (bin: number): number =>
  lines.slice(0, 4).reduce((sum, line) => sum + ' ▁▂▃▄▅▆▇█'.indexOf(line[8 + bin] ?? ' '), 0);

test('the height of a column is the logarithm of the density, down to a hundredth of one eigenvalue in a hundred', () => {
  expect([10, 20, 25, 3].map(heightOf)).toEqual([32, 16, 0, 0]);
});

test('the vertical axis tells the highest density and the ground, the horizontal its ends and zero', () => {
  expect(lines[0]).toMatch(/^ {4}50 │/);
  expect(lines[4]).toBe(`5.0e-3 └${'─'.repeat(30)}`);
  expect(lines[5]).toMatch(/^ {8}-1 +0 +2$/);
  expect(lines[5]!.indexOf('0')).toBe(8 + 10);
});

test.each([20, 38, 80, 120, 400])(
  'on a terminal of %s columns no line is longer, but for the least there must be',
  (width) => {
    const longest = Math.max(
      ...densityPlot(density(), 100, width)
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBe(Math.min(108, Math.max(28, width)));
  },
);

test('columns between the points of a coarse grid are as high as the one before', () => {
  const { x, y } = { x: [0, 1, 2], y: [1, 1, 1] };
  const [top] = densityPlot({ x, y }, 3, 40, 2).split('\n');
  expect(top!.slice(8)).toBe('█'.repeat(32));
});

test('a spectrum of a single point is drawn too', () => {
  expect(() => densityPlot({ x: [2], y: [1] }, 1, 80)).not.toThrow();
});
