/** Uniform numbers in [0, 1), and where the stream stands: a whole number, which `restore` goes on from. */
export interface RandomStream {
  (): number;
  state(): number;
  restore(state: number): void;
}

/**
 * A stream of uniform numbers in [0, 1) that depends on its seeds only (mulberry32, Tommy Ettinger 2017, public domain).
 *
 * Enough for random directions and dropout masks, not for secrets.
 */
export function random(...seeds: readonly number[]): RandomStream {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) + 0x7f4a7c15, 0) | 0;
  const draw = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Object.assign(draw, {
    state: () => state,
    restore(saved: number): void {
      state = saved;
    },
  });
}
