import type { Tensor } from '@tensorflow/tfjs-core';

/** A function of every element by itself, of the shape of its argument. */
export type Activation = <T extends Tensor>(x: T) => T;
