import uPlot from 'uplot';
import type { Chart } from '../catalogue/arrange.js';
import type { Scale } from '../catalogue/charts.js';
import { grouped } from '../catalogue/format.js';
import type { Column } from '../data/column.js';
import { type Aligned, align, visible } from './align.js';
import type { Gaze, Stretch } from './gaze.js';
import { drawBand, drawMarks, drawReference } from './marks.js';
import { colourIndex, dashOf, palette } from './palette.js';
import type { Plot } from './stage.js';
import { DISTRIBUTION, type Distribution, distribution, labels, linearBelow, range, ruled } from './verticalAxis.js';

/**
 * Draws lines over steps. Dragging zooms every chart, a double click shows the whole run again.
 *
 * @param first the steps to draw to begin with
 */
export function linePlot(host: HTMLElement, chart: Chart, scale: Scale, gaze: Gaze, first: Stretch): Plot {
  const { lines, factor, reference } = chart;
  const columns = lines.map(({ stream }) => stream.column);
  const size = { width: host.clientWidth, height: host.clientHeight };
  let stretch = first;
  let seen = look();
  let kind = distribution(scale, seen);
  let u = make();

  function look(): Aligned {
    return align(columns, stretch.from, stretch.to, size.width);
  }

  function make(): uPlot {
    return new uPlot(options(), [seen.steps, ...seen.values], host);
  }

  function options(): uPlot.Options {
    return {
      ...size,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: cursor(gaze),
      scales: {
        x: { time: false, range: () => ends(stretch) },
        y: { distr: DISTRIBUTION[kind], asinh: linearBelow(seen), range: () => range(seen, kind) },
      },
      axes: [stepAxis(), valueAxis(kind, factor)],
      series: [{}, ...lines.map((_, i) => lineStyle(i))],
      hooks: {
        drawAxes: [
          (u) => drawReference(u, reference, palette.value.muted),
          (u) => each((column, colour) => drawBand(u, column, drawn(column), colour)),
        ],
        draw: [(u) => each((column, colour) => drawMarks(u, column, palette.value.surface, colour))],
        setSelect: [(u) => zoomToSelection(u, gaze)],
        setCursor: [(u) => follow(u, gaze)],
      },
    };
  }

  function drawn(column: Column): number[] {
    return visible(column, stretch.from, stretch.to, size.width);
  }

  function each(f: (column: Column, colour: string) => void): void {
    columns.forEach((column, i) => void f(column, palette.value.lines[colourIndex(i)]!));
  }

  return {
    draw(next) {
      stretch = next;
      seen = look();
      const wanted = distribution(scale, seen);
      if (wanted === kind) u.setData([seen.steps, ...seen.values]);
      else {
        kind = wanted;
        u.destroy();
        u = make();
      }
    },
    resize(width, height) {
      Object.assign(size, { width, height });
      u.setSize(size);
    },
    destroy: () => u.destroy(),
  };
}

/** Never of no width: a run with one step is drawn around it. */
const ends = ({ from, to }: Stretch): [number, number] => (to > from ? [from, to] : [from - 0.5, from + 0.5]);

function cursor(gaze: Gaze): uPlot.Cursor {
  return {
    y: false,
    drag: { x: true, y: false, setScale: false, dist: 4 },
    sync: { key: 'step', setSeries: false, scales: ['x', null] },
    points: { size: 7 },
    bind: {
      dblclick: () => () => {
        gaze.zoom.next(undefined);
        return null;
      },
    },
  };
}

function lineStyle(i: number): uPlot.Series {
  const stroke = () => palette.value.lines[colourIndex(i)]!;
  return { stroke, fill: 'transparent', width: 1.25, dash: dashOf(i), points: { size: 4, stroke, fill: stroke } };
}

const FONT = '11px system-ui, sans-serif';

const line = { stroke: () => palette.value.grid, width: 1 };

const stepAxis = (): uPlot.Axis => ({
  font: FONT,
  stroke: () => palette.value.muted,
  size: 26,
  gap: 4,
  space: 64,
  incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7],
  grid: line,
  ticks: { ...line, size: 4 },
  values: (_, splits) => splits.map((step, i) => (i === 0 ? `step ${grouped(step)}` : grouped(step))),
});

const valueAxis = (kind: Distribution, factor: number): uPlot.Axis => ({
  font: FONT,
  stroke: () => palette.value.muted,
  size: 48,
  gap: 4,
  space: 28,
  grid: { ...line, filter: (_, splits) => ruled(splits, kind) },
  ticks: { ...line, size: 4, filter: (_, splits) => ruled(splits, kind) },
  values: (_, splits, _axis, _space, increment) =>
    labels(
      splits.map((split) => split && factor * split),
      factor * increment,
      kind,
    ),
});

function zoomToSelection(u: uPlot, { zoom }: Gaze): void {
  if (u.select.width < 4) return;
  const [from, to] = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  zoom.next({ from: Math.floor(from), to: Math.ceil(to) });
}

function follow(u: uPlot, { cursor }: Gaze): void {
  const left = u.cursor.left ?? -1;
  const step = left < 0 ? undefined : Math.round(u.posToVal(left, 'x'));
  if (step !== cursor.value) cursor.next(step);
}
