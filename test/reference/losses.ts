import { readGolden, type Values } from './readGolden.js';

/** Losses at logits z `[8, 4]`, with their gradient and their Hessian times u. */
export interface LossGolden {
  readonly z: Values;
  readonly u: Values;
  /** By title; one loss may stand under several. */
  readonly losses: Readonly<Record<string, LossCase>>;
}

export interface LossCase {
  readonly loss: 'softmaxCrossEntropy' | 'sigmoidCrossEntropy' | 'meanSquaredError' | 'logCosh';
  readonly y: Values;
  readonly value: number;
  readonly gradient: readonly number[];
  readonly product: readonly number[];
}

export const lossGolden = readGolden<LossGolden>('losses');
