import type { Points } from '../data/board.js';

/** y = intercept + slope · x. */
export interface Fit {
  readonly slope: number;
  readonly intercept: number;
}

/** The least-squares line through the finite points; undefined where all lie on one vertical. */
export function fitOf({ x, y }: Points): Fit | undefined {
  let [n, meanX, meanY, xx, xy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]! + y[i]!)) continue;
    n += 1;
    const dx = x[i]! - meanX;
    meanX += dx / n;
    meanY += (y[i]! - meanY) / n;
    xx += dx * (x[i]! - meanX);
    xy += dx * (y[i]! - meanY);
  }
  if (!(xx > 0)) return undefined;
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX };
}
