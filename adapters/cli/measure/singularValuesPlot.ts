import { rounded } from './figures.js';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const GAP = '  ';

/** The singular values of what a layer puts out, largest first. */
export interface LayerSpectrum {
  readonly layer: string;
  readonly values: readonly number[];
}

/**
 * Draws singular values as a line of bars for each layer, between the largest and the smallest: a whole bar is above a
 * tenth of the largest, a step less above a hundredth, so that what is below 1e-8 of the largest, and noise, is blank.
 *
 * @param width of the whole, in characters.
 */
export function singularValuesPlot(layers: readonly LayerSpectrum[], width: number): string {
  const [names, first, last] = [
    layers.map(({ layer }) => layer),
    layers.map(({ values }) => rounded(values[0]!)),
    layers.map(({ values }) => rounded(values.at(-1)!)),
  ].map(alignedLeft) as [string[], string[], string[]];
  const beside = names[0]!.length + first[0]!.length + last[0]!.length + 3 * GAP.length;
  const most = Math.max(8, Math.min(width - beside, 64));
  const bars = alignedLeft(layers.map(({ values }) => barsOf(values, most)));
  return names.map((name, i) => [name, first[i]!, bars[i]!, last[i]!].join(GAP).trimEnd()).join('\n');
}

/** At most so many, spread evenly over the values. */
function barsOf(values: readonly number[], most: number): string {
  const count = Math.min(most, values.length);
  const shown = Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!);
  return shown.map((value) => EIGHTHS[heightOf(value / values[0]!)]).join('');
}

/** 8 above a tenth, 7 above a hundredth; 0 from 1e-8 down. */
const heightOf = (share: number): number => (share > 0 ? Math.max(0, 8 + Math.ceil(Math.log10(share))) : 0);

function alignedLeft(texts: readonly string[]): string[] {
  const length = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padEnd(length));
}
