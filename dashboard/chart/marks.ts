import type uPlot from 'uplot';
import type { Column } from '../data/column.js';

/** What uPlot does not draw: a height to compare with, the band of one standard error, values that are not finite, the newest value. */

export function drawReference(u: uPlot, height: number | undefined, colour: string): void {
  if (height === undefined) return;
  const y = u.valToPos(height, 'y', true);
  clipped(u, ({ ctx, bbox }) => {
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.strokeStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.stroke();
  });
}

export function drawBand(u: uPlot, column: Column, indices: readonly number[], colour: string): void {
  const withError = indices.filter((i) => column.errors[i]! > 0);
  if (withError.length < 2) return;
  const x = (i: number) => u.valToPos(column.steps[i]!, 'x', true);
  const y = (value: number) => u.valToPos(clampToLog(u, value), 'y', true);
  clipped(u, ({ ctx }) => {
    ctx.beginPath();
    for (const i of withError) ctx.lineTo(x(i), y(column.values[i]! + column.errors[i]!));
    for (const i of withError.toReversed()) ctx.lineTo(x(i), y(column.values[i]! - column.errors[i]!));
    ctx.globalAlpha = 0.2;
    ctx.fillStyle = colour;
    ctx.fill();
  });
}

export function drawMarks(u: uPlot, column: Column, surface: string, colour: string): void {
  drawNonFinite(u, column, colour);
  drawNewest(u, column, surface, colour);
}

/** NaN as a cross and +∞ as a triangle at the upper edge, −∞ as a triangle at the lower one. */
function drawNonFinite(u: uPlot, column: Column, colour: string): void {
  const { min, max } = u.scales.x!;
  const size = 4 * devicePixelRatio;
  const { top, height } = u.bbox;
  clipped(u, ({ ctx }) => {
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const { step, value } of column.nonFinite) {
      if (step < min! || step > max!) continue;
      const x = u.valToPos(step, 'x', true);
      if (Number.isNaN(value)) cross(ctx, x, top + 1.5 * size, size);
      else if (value > 0) triangle(ctx, x, top + 1, 2 * size, size);
      else triangle(ctx, x, top + height - 1, -2 * size, size);
    }
  });
}

function drawNewest(u: uPlot, column: Column, surface: string, colour: string): void {
  const last = column.length - 1;
  if (last < 0 || column.newest > column.steps[last]! || column.steps[last]! > u.scales.x!.max!) return;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  const x = u.valToPos(column.steps[last]!, 'x', true);
  ctx.arc(x, u.valToPos(clampToLog(u, column.values[last]!), 'y', true), 3 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.strokeStyle = surface;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.fill();
  ctx.stroke();
  ctx.restore();
}

/** On a logarithmic axis what is not positive lies below the lower edge. */
function clampToLog(u: uPlot, value: number): number {
  const { distr, min } = u.scales.y!;
  return distr === 3 && value <= 0 ? min! / 10 : value;
}

function clipped(u: uPlot, draw: (u: uPlot) => void): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(u);
  ctx.restore();
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x - r, y + r);
  ctx.lineTo(x + r, y - r);
  ctx.stroke();
}

/** Points to `y`; its base lies `height` below. */
function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, height: number, halfWidth: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - halfWidth, y + height);
  ctx.lineTo(x + halfWidth, y + height);
  ctx.fill();
}
