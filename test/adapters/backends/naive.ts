/** Slow, obvious float64 versions of what the wasm kernels compute, over nested loops and flat arrays in `NHWC` order. */

export interface Convolution {
  readonly batch: number;
  /** Height and width. */
  readonly input: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Rows above and columns to the left that padding adds. */
  readonly before: readonly [number, number];
  readonly output: readonly [number, number];
  readonly channels: readonly [number, number];
}

/** Calls `f` with the flat indices of every product x·w that a convolution sums into y. */
function eachProduct(conv: Convolution, f: (x: number, w: number, y: number) => void): void {
  const { batch, input, filter, strides, before, output, channels } = conv;
  const [cin, cout] = channels;
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < output[0]; oy++)
      for (let ox = 0; ox < output[1]; ox++)
        for (let i = 0; i < filter[0]; i++)
          for (let j = 0; j < filter[1]; j++) {
            const iy = oy * strides[0] + i - before[0];
            const ix = ox * strides[1] + j - before[1];
            if (iy < 0 || iy >= input[0] || ix < 0 || ix >= input[1]) continue;
            for (let c = 0; c < cin; c++)
              for (let o = 0; o < cout; o++)
                f(
                  ((b * input[0] + iy) * input[1] + ix) * cin + c,
                  ((i * filter[1] + j) * cin + c) * cout + o,
                  ((b * output[0] + oy) * output[1] + ox) * cout + o,
                );
          }
}

export function filterGradient(conv: Convolution, x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  const dw = new Float64Array(conv.filter[0] * conv.filter[1] * conv.channels[0] * conv.channels[1]);
  eachProduct(conv, (xi, wi, yi) => {
    dw[wi]! += x[xi]! * dy[yi]!;
  });
  return dw;
}

export function inputGradient(conv: Convolution, w: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  const dx = new Float64Array(conv.batch * conv.input[0] * conv.input[1] * conv.channels[0]);
  eachProduct(conv, (xi, wi, yi) => {
    dx[xi]! += w[wi]! * dy[yi]!;
  });
  return dx;
}

/** a·b of `[m, k]` and `[k, n]`, each read through its own index function. */
export function product(
  [m, k, n]: readonly [number, number, number],
  a: (row: number, column: number) => number,
  b: (row: number, column: number) => number,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) c[i * n + j]! += a(i, l) * b(l, j);
  return c;
}
