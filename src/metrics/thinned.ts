import type { Points } from '../core/watching.js';

const MOST_POINTS = 1000;

/** At most 1,000 of the points: the first and every k-th after it, the same ones each time. */
export function thinned({ x, y }: Points): Points {
  const every = Math.ceil(x.length / MOST_POINTS);
  const kept = (_: number, i: number): boolean => i % every === 0;
  return { x: x.filter(kept), y: y.filter(kept) };
}
