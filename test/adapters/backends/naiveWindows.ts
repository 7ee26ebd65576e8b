/** Slow, obvious float64 sums over the windows of convolutions and poolings in any number of dimensions. */

export interface Geometry {
  readonly batch: number;
  readonly input: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly before: readonly number[];
  readonly output: readonly number[];
}

/** As TensorFlow defines it: 'same' puts the odd row after. */
export function geometryOf(
  batch: number,
  input: readonly number[],
  window: readonly number[],
  strides: readonly number[],
  pad: 'same' | 'valid' | number,
): Geometry {
  const rows = typeof pad === 'number' ? pad : 0;
  const output = input.map((n, d) =>
    pad === 'same' ? Math.ceil(n / strides[d]!) : Math.floor((n + 2 * rows - window[d]!) / strides[d]!) + 1,
  );
  const same = input.map((n, d) => Math.floor(Math.max(0, (output[d]! - 1) * strides[d]! + window[d]! - n) / 2));
  return { batch, input, window, strides, output, before: pad === 'same' ? same : input.map(() => rows) };
}

/** Each pair of an output's cell and an input's cell in its window, all as flat numbers, with the window's own cell. */
export function eachPair(
  { batch, input, window, strides, before, output }: Geometry,
  visit: (cell: number, tap: number, out: number) => void,
): void {
  for (let b = 0; b < batch; b++)
    for (const out of positions(output))
      for (const tap of positions(window)) {
        const cell = out.map((o, d) => o * strides[d]! + tap[d]! - before[d]!);
        if (cell.some((n, d) => n < 0 || n >= input[d]!)) continue;
        visit(flat([b, ...cell], [batch, ...input]), flat(tap, window), flat([b, ...out], [batch, ...output]));
      }
}

function positions(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, n) => all.flatMap((position) => Array.from({ length: n }, (_, i) => [...position, i])),
    [[]],
  );
}

const flat = (position: readonly number[], sizes: readonly number[]): number =>
  position.reduce((sum, at, d) => sum * sizes[d]! + at, 0);

export const cellsOf = ({ batch, input }: Geometry): number => input.reduce((p, n) => p * n, batch);
export const tapsOf = ({ window }: Geometry): number => window.reduce((p, n) => p * n, 1);
export const outsOf = ({ batch, output }: Geometry): number => output.reduce((p, n) => p * n, batch);
