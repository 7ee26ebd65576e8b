import type { Chart } from '../catalogue/arrange.js';

/** The attributes that all lines of a chart share, such as the mode in which curvature was taken. */
export function attributesOf({ lines }: Chart): [string, string][] {
  const [first, ...others] = lines.map(({ stream }) => stream.attributes);
  return Object.entries(first ?? {}).filter(([key, value]) => others.every((other) => other[key] === value));
}
