import type { Tensor2D } from '@tensorflow/tfjs-core';

/** Inputs `[n, d]`, and what is to come out for them, `[n, 1]`. */
export type Examples = { readonly x: Tensor2D; readonly y: Tensor2D };
