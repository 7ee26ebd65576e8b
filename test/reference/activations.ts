import { readGolden } from './readGolden.js';

/** GELU of steepness β at the numbers x, and its first three derivatives, as activations.py has them. */
export interface ActivationGoldens {
  readonly x: readonly number[];
  readonly gelu: readonly {
    readonly beta: number;
    readonly value: readonly number[];
    readonly slope: readonly number[];
    readonly bend: readonly number[];
    readonly third: readonly number[];
  }[];
}

export const activationGoldens = readGolden<ActivationGoldens>('activations');
