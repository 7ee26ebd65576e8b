import uPlot from 'uplot';
import type { Scale } from '../catalogue/charts.js';
import { minus } from '../catalogue/format.js';
import type { Stream } from '../data/board.js';
import { palette } from './palette.js';
import type { Plot } from './stage.js';
import { DISTRIBUTION, type Extent, labels, range, ruled } from './verticalAxis.js';

/** Of the greatest height: what a logarithmic axis shows. Below, a smoothed density tells of its smoothing only. */
const DEPTH = 1e-6;

/** Draws the newest points of a stream as one curve, filled to the axis; its heights are not negative. */
export function curvePlot(host: HTMLElement, stream: Stream, axes: readonly [string, string], scale: Scale): Plot {
  const size = { width: host.clientWidth, height: host.clientHeight };
  let seen = look(stream, scale);
  const u = new uPlot(
    {
      ...size,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { distr: DISTRIBUTION[scale], range: () => range(seen.extent, scale) } },
      axes: [acrossAxis(axes[0]), upAxis(axes[1], scale)],
      series: [
        {},
        {
          stroke: colour,
          fill: () => `color-mix(in srgb, ${colour()} 20%, transparent)`,
          width: 1.25,
          points: { show: false },
        },
      ],
    },
    seen.data,
    host,
  );
  return {
    draw() {
      seen = look(stream, scale);
      u.setData(seen.data);
    },
    resize(width, height) {
      u.setSize({ width, height });
    },
    destroy: () => u.destroy(),
  };
}

function look({ points }: Stream, scale: Scale): { readonly data: uPlot.AlignedData; readonly extent: Extent } {
  const { x = [], y = [] } = points ?? {};
  const greatest = y.reduce((most, height) => Math.max(most, height), 0);
  const least = scale === 'log' ? DEPTH * greatest : 0;
  const heights = y.map((height) => Math.max(least, height));
  return { data: [[...x], heights], extent: greatest > 0 ? { least, greatest } : { least: 1, greatest: 0 } };
}

const colour = (): string => palette.value.lines[0]!;

const FONT = '11px system-ui, sans-serif';

const line = { stroke: () => palette.value.grid, width: 1 };

const common = {
  ...{ font: FONT, labelFont: FONT, labelSize: 18, gap: 4 },
  ...{ stroke: () => palette.value.muted, grid: line, ticks: { ...line, size: 4 } },
};

const acrossAxis = (label: string): uPlot.Axis => ({
  ...common,
  label,
  size: 26,
  space: 48,
  values: (_, splits) => splits.map((value) => minus(String(value))),
});

const upAxis = (label: string, scale: Scale): uPlot.Axis => ({
  ...common,
  label,
  size: 48,
  space: 28,
  grid: { ...line, filter: (_, splits) => ruled(splits, scale) },
  ticks: { ...line, size: 4, filter: (_, splits) => ruled(splits, scale) },
  values: (_, splits, _axis, _space, increment) => labels(splits, increment, scale),
});
