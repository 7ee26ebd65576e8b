/** Where the windows of a convolution or pooling lie, over `[batch, depth, height, width]`; a flat image has depth 1. */
export interface Windows {
  readonly batch: number;
  readonly input: Sides;
  readonly output: Sides;
  readonly window: Sides;
  readonly strides: Sides;
  readonly dilations: Sides;
  /** Rows of padding in front of the input. */
  readonly before: Sides;
}

/** Of depth, height and width. */
export type Sides = readonly [number, number, number];

/**
 * Shows each window, in reading order of the output, as the cells of the input it covers; padding is left out, and so is
 * a window of nothing else. A cell is its number in the input, channels not counted, a tap its number in the filter.
 *
 * @param visit gets the same two arrays each time, valid up to `count`, and the number of the output's cell.
 */
export function eachWindow(
  { batch, input, output, window, strides, dilations, before }: Windows,
  visit: (cells: Int32Array, taps: Int32Array, count: number, out: number) => void,
): void {
  const size = window[0] * window[1] * window[2];
  const [cells, taps] = [new Int32Array(size), new Int32Array(size)];
  let out = 0;
  for (let b = 0; b < batch; b++)
    for (let z = -before[0], oz = 0; oz < output[0]; oz++, z += strides[0])
      for (let y = -before[1], oy = 0; oy < output[1]; oy++, y += strides[1])
        for (let x = -before[2], ox = 0; ox < output[2]; ox++, x += strides[2], out++) {
          const count = inside(b, z, y, x);
          if (count > 0) visit(cells, taps, count, out);
        }

  /** Fills both arrays for the window that begins at (z, y, x). */
  function inside(b: number, z: number, y: number, x: number): number {
    let count = 0;
    for (let k = 0, depth = z; k < window[0]; k++, depth += dilations[0]) {
      if (depth < 0 || depth >= input[0]) continue;
      for (let i = 0, row = y; i < window[1]; i++, row += dilations[1]) {
        if (row < 0 || row >= input[1]) continue;
        const line = ((b * input[0] + depth) * input[1] + row) * input[2];
        for (let j = 0, column = x; j < window[2]; j++, column += dilations[2]) {
          if (column < 0 || column >= input[2]) continue;
          cells[count] = line + column;
          taps[count++] = (k * window[1] + i) * window[2] + j;
        }
      }
    }
    return count;
  }
}
