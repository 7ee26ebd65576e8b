import { readFileSync } from 'node:fs';
import { type Tensor, tensor, util } from '@tensorflow/tfjs-core';

/** A case of test/golden/kernels.json; gradient and product run over all inputs, one behind the other. */
export interface KernelGolden {
  readonly inputs: readonly Numbers[];
  readonly value: number;
  readonly gradient: readonly number[];
  readonly product: readonly number[];
}

interface Numbers {
  readonly shape: number[];
  readonly seed: number;
  readonly scale?: number;
  readonly offset?: number;
}

export const goldens: Readonly<Record<string, KernelGolden>> = JSON.parse(
  readFileSync(new URL('../../../golden/kernels.json', import.meta.url), 'utf8'),
);

/** The numbers of kernels.py: odd multiples of 2^-8 within ±2, scaled and moved. */
export function numbersOf({ shape, seed, scale = 1, offset = 0 }: Numbers): Tensor {
  const cycle = (i: number): number => (7919 * (i + 1) + 104729 * seed) % 509;
  const size = util.sizeFromShape(shape);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => ((2 * cycle(i) - 507) / 256) * scale + offset),
    shape,
  );
}
