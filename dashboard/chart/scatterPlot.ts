import uPlot from 'uplot';
import { minus } from '../catalogue/format.js';
import type { Stream } from '../data/board.js';
import { type Fit, fitOf } from './fit.js';
import { palette } from './palette.js';
import type { Plot } from './stage.js';

/**
 * Draws the newest points of a stream and the least-squares line through them, both axes over the same numbers.
 *
 * @param axes what lies across and what up; where they are given they are comparable, and the diagonal y = x is drawn
 */
export function scatterPlot(host: HTMLElement, stream: Stream, axes?: readonly [string, string]): Plot {
  const size = { width: host.clientWidth, height: host.clientHeight };
  let ends: [number, number] = [-1, 1];
  const range = (): [number, number] => ends;
  const u = new uPlot(
    {
      ...size,
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range }, y: { range } },
      axes: [axis(axes?.[0] ?? 'x'), axis(axes?.[1] ?? 'y')],
      series: [{}, { paths: () => null, points: pointStyle() }],
      hooks: { drawAxes: axes ? [drawDiagonal] : [], draw: [(u) => drawFit(u, stream.points && fitOf(stream.points))] },
    },
    data(stream),
    host,
  );
  return {
    draw() {
      ends = commonEnds(stream);
      u.setData(data(stream));
    },
    resize(width, height) {
      u.setSize({ width, height });
    },
    destroy: () => u.destroy(),
  };
}

/** uPlot wants the horizontal values ascending. */
function data({ points }: Stream): uPlot.AlignedData {
  const { x = [], y = [] } = points ?? {};
  const order = x.map((_, i) => i).sort((a, b) => x[a]! - x[b]!);
  return [order.map((i) => x[i]!), order.map((i) => y[i]!)];
}

function commonEnds({ points }: Stream): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of [...(points?.x ?? []), ...(points?.y ?? [])]) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return [-1, 1];
  const room = 0.04 * (greatest - least) || 1;
  return [least - room, greatest + room];
}

function pointStyle(): uPlot.Series.Points {
  const fill = () => palette.value.dot;
  return { show: true, space: 0, size: 5, width: 0, stroke: 'transparent', fill };
}

const FONT = '11px system-ui, sans-serif';

const line = { stroke: () => palette.value.grid, width: 1 };

const axis = (label: string): uPlot.Axis => ({
  label,
  font: FONT,
  labelFont: FONT,
  labelSize: 18,
  size: 30,
  gap: 4,
  space: 40,
  stroke: () => palette.value.muted,
  grid: line,
  ticks: { ...line, size: 4 },
  values: (_, splits) => splits.map((value) => minus(String(value))),
});

function drawDiagonal(u: uPlot): void {
  const { min, max } = u.scales.x!;
  stroke(u, { slope: 1, intercept: 0 }, min!, max!, palette.value.muted, [5, 4]);
}

function drawFit(u: uPlot, fit: Fit | undefined): void {
  const [from, to] = [u.data[0][0], u.data[0].at(-1)];
  if (fit && from !== undefined && to !== undefined) stroke(u, fit, from, to, palette.value.lines[1]!, []);
}

function stroke(u: uPlot, { slope, intercept }: Fit, from: number, to: number, colour: string, dash: number[]): void {
  const { ctx, bbox } = u;
  const at = (x: number): [number, number] => [u.valToPos(x, 'x', true), u.valToPos(intercept + slope * x, 'y', true)];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  ctx.moveTo(...at(from));
  ctx.lineTo(...at(to));
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
  ctx.stroke();
  ctx.restore();
}
