import type { Tensor } from '@tensorflow/tfjs-core';

/** What a golden case computes, from its inputs in their order. */
export type F = (...inputs: Tensor[]) => Tensor | Tensor[];

export type Cases = Readonly<Record<string, F>>;
