/** Milliseconds that `f` takes. */
export function timed(f: () => unknown): number {
  const started = performance.now();
  f();
  return performance.now() - started;
}

/** Times two ways of doing a thing alternately, so that a slow moment of the machine meets both. */
export function pairs(
  n: number,
  base: () => unknown,
  other: () => unknown,
  warmUp = Math.min(20, n),
): readonly (readonly [number, number])[] {
  for (let i = 0; i < warmUp; i++) {
    base();
    other();
  }
  return Array.from({ length: n }, (_, i) => {
    if (i % 2 === 0) return [timed(base), timed(other)];
    const second = timed(other);
    return [timed(base), second];
  });
}

export const ratios = (measured: readonly (readonly [number, number])[]): number[] => measured.map(([a, b]) => b / a);
export const differences = (measured: readonly (readonly [number, number])[]): number[] =>
  measured.map(([a, b]) => b - a);
