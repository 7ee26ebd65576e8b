const BITS = 32;

/** A vector of independent signs ±1, from the bits of one draw after the other: 32 of each, which `random` must have. */
export function rademacher(dimension: number, random: () => number): Float64Array {
  const signs = new Float64Array(dimension);
  for (let start = 0; start < dimension; start += BITS) {
    let bits = Math.floor(random() * 2 ** BITS);
    const end = Math.min(start + BITS, dimension);
    for (let i = start; i < end; i++) {
      signs[i] = (bits & 1) * 2 - 1;
      bits >>>= 1;
    }
  }
  return signs;
}
