import { readGolden, type Values } from './readGolden.js';

/** (1 − weight) CE(labels, softmax z) + weight τ² CE(softmax(t / τ), softmax(z / τ)), of logits `[8, 5]`. */
export interface DistillationGolden {
  readonly teacher: Values;
  readonly student: Values;
  /** One-hot. */
  readonly labels: Values;
  /** By a title that names its temperature and weight. */
  readonly cases: Readonly<Record<string, DistillationCase>>;
}

export interface DistillationCase {
  readonly temperature: number;
  readonly weight: number;
  readonly loss: number;
  /** In the student's logits, row by row. */
  readonly gradient: readonly number[];
}

export const distillationGolden = readGolden<DistillationGolden>('distillation');
