/** A vector of independent signs ±1. */
export const rademacher = (dimension: number, random: () => number): Float64Array =>
  Float64Array.from({ length: dimension }, () => (random() < 0.5 ? -1 : 1));
