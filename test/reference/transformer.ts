import type { TransformerSize } from '../../adapters/cli/study/samLanguage/transformer.js';
import { readGolden, type Values } from './readGolden.js';

/** What transformer.py says of a small one; weights in the order of the network, gradients flat in that order. */
export interface TransformerGolden {
  readonly size: TransformerSize;
  readonly params: Readonly<Record<string, Values>>;
  readonly x: Values;
  readonly y: Values;
  readonly rho: number;
  readonly fraction: number;
  readonly expected: {
    /** `[mails, classes]`, row by row. */
    readonly logits: readonly number[];
    readonly loss: number;
    readonly gradient: readonly number[];
    /** What the optimizer gets from SAM with its ascent on the fraction. */
    readonly samGradient: readonly number[];
  };
}

export const transformerGolden = readGolden<TransformerGolden>('transformer');
