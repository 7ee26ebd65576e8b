import type { Points } from '../core/watching.js';
import type { RowMajor } from '../linalg/rowMajor.js';

/** How a student's confidence deviates from its teacher's over a set of examples. */
export interface ConfidenceDeviation {
  readonly slope: number;
  readonly intercept: number;
  readonly lowBelowShare: number;
  readonly lowDeviation: number;
  readonly highDeviation: number;
  readonly agreement: number;
  readonly totalVariation: number;
  readonly clippedShare: number;
  /** (X, Y) of every example. */
  readonly points: Points;
}

/** Probabilities are held within [CLIP, 1 − CLIP]: beyond it, points at saturation would decide the slope. */
const CLIP = 1e-6;
const BOUND = Math.log((1 - CLIP) / CLIP);

/**
 * Compares logits `[examples, classes]` of a teacher and a student in float64.
 *
 * c is the teacher's top class, p and q the probabilities of teacher and student at temperature 1, φ(u) = ln(u/(1 − u))
 * with u clipped; X = φ(p_c), Y = φ(q_c). A single logit is that of the first of two classes.
 *
 * - `slope`, `intercept`: least squares of Y on X
 * - `lowBelowShare`, `lowDeviation`: share of Y < X, and median Y − X, in the quarter of lowest X
 * - `highDeviation`: median Y − X in the quarter of highest X
 * - `agreement`: share of examples with the same top class
 * - `totalVariation`: mean of ½ Σ_k |p_k − q_k|
 * - `clippedShare`: share of examples with p_c or q_c clipped
 *
 * A quarter is one of the examples, rounded down, at least one, by X before clipping. The slope is NaN where all X are equal.
 *
 * @see Nagarajan, Menon, Bhojanapalli, Mobahi, Kumar 2023, arXiv 2301.12923
 */
export function confidenceDeviation(teacher: RowMajor, student: RowMajor): ConfidenceDeviation {
  const examples = Array.from({ length: teacher.rows }, (_, i) => compare(logitsOf(teacher, i), logitsOf(student, i)));
  const points = { x: examples.map(({ x }) => x), y: examples.map(({ y }) => y) };
  const byConfidence = examples.toSorted((a, b) => a.confidence - b.confidence);
  const quarter = Math.max(1, Math.floor(examples.length / 4));
  const [low, high] = [byConfidence.slice(0, quarter), byConfidence.slice(-quarter)];
  return {
    ...leastSquares(points),
    lowBelowShare: mean(low.map(({ x, y }) => Number(y < x))),
    lowDeviation: median(low.map(({ x, y }) => y - x)),
    highDeviation: median(high.map(({ x, y }) => y - x)),
    agreement: mean(examples.map(({ agrees }) => Number(agrees))),
    totalVariation: mean(examples.map(({ variation }) => variation)),
    clippedShare: mean(examples.map(({ clipped }) => Number(clipped))),
    points,
  };
}

function compare(teacher: readonly number[], student: readonly number[]) {
  const top = argmax(teacher);
  const [x, y] = [logOdds(teacher, top), logOdds(student, top)];
  const [p, q] = [softmax(teacher), softmax(student)];
  return {
    confidence: x,
    x: clip(x),
    y: clip(y),
    clipped: Math.max(Math.abs(x), Math.abs(y)) > BOUND,
    agrees: argmax(student) === top,
    variation: p.reduce((sum, p, k) => sum + Math.abs(p - q[k]!) / 2, 0),
  };
}

function logitsOf({ columns, values }: RowMajor, row: number): readonly number[] {
  return columns === 1 ? [values[row]!, 0] : [...values.subarray(row * columns, (row + 1) * columns)];
}

/** φ(softmax(z)_c) = z_c − ln Σ_{k≠c} exp(z_k): exact also where the probability itself would round to 1. */
const logOdds = (z: readonly number[], c: number): number => z[c]! - logSumExp(z.filter((_, k) => k !== c));

const clip = (odds: number): number => Math.min(BOUND, Math.max(-BOUND, odds));

function logSumExp(z: readonly number[]): number {
  const top = Math.max(...z);
  return top + Math.log(z.reduce((sum, v) => sum + Math.exp(v - top), 0));
}

function softmax(z: readonly number[]): readonly number[] {
  const normalizer = logSumExp(z);
  return z.map((v) => Math.exp(v - normalizer));
}

const argmax = (z: readonly number[]): number => z.indexOf(Math.max(...z));

function leastSquares({ x, y }: Points): { slope: number; intercept: number } {
  if (x.every((v) => v === x[0])) return { slope: NaN, intercept: NaN };
  const [mx, my] = [mean(x), mean(y)];
  const variance = mean(x.map((v) => (v - mx) ** 2));
  const slope = mean(x.map((v, i) => (v - mx) * (y[i]! - my))) / variance;
  return { slope, intercept: my - slope * mx };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
