import { readGolden, type Values } from './readGolden.js';

/** Logits `[40, 5]` of a teacher and a student, and how the student's confidence deviates, as confidence.py defines it. */
export interface ConfidenceGolden {
  readonly teacher: Values;
  readonly student: Values;
  readonly expected: {
    /** Log-odds, clipped, by example. */
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly slope: number;
    readonly intercept: number;
    readonly lowBelowShare: number;
    readonly lowDeviation: number;
    readonly highDeviation: number;
    readonly agreement: number;
    readonly totalVariation: number;
    /** Share of the examples whose x or y was clipped. */
    readonly clippedShare: number;
  };
}

export const confidenceGoldens = readGolden<Readonly<Record<'plain' | 'saturated', ConfidenceGolden>>>('confidence');
