import type { Tensor } from '@tensorflow/tfjs-core';
import { checkWhole } from '../core/checkNumber.js';
import type { Batch, Logits } from '../core/objective.js';
import { refuseUnless } from '../core/refuseUnless.js';
import { required } from '../core/required.js';
import type { Probe, Reading } from '../core/watching.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { checkBatch } from './checkBatch.js';
import { type ConfidenceDeviation, confidenceDeviation } from './confidenceDeviation.js';
import { checkConditions, type ProbeConditions, probedObjective } from './probedObjective.js';
import { asRows, readBack } from './readBack.js';
import { thinned } from './thinned.js';

/** What {@link confidence} takes. */
export interface ConfidenceOptions extends ProbeConditions {
  /** The network the student learns from, in inference mode. Asked once, at the first measurement. */
  readonly teacher: Logits;
  /** The fixed set of examples, 4 at least. */
  readonly on: Batch;
  /** A network like the student that learned from the labels alone; measured beside the student, each time. */
  readonly control?: Logits;
  /** Which output of the network, if it has several. Default 0. */
  readonly output?: number;
  /** Sends the point set as well, at most 1,000 points. Default true. */
  readonly scatter?: boolean;
}

/**
 * Confidence deviation: whether the student exaggerates its teacher's confidence, on a fixed set of examples.
 *
 * With c the teacher's top class, X = φ(p_teacher(c)), Y = φ(p_student(c)), φ(u) = ln(u/(1 − u)), u clipped to
 * [1e-6, 1 − 1e-6], temperature 1:
 *
 * - `confidence.slope`, `.intercept` [1], least squares of Y on X; a slope above 1 exaggerates
 * - `confidence.low_below_share` [1], share of Y < X in the quarter of lowest X
 * - `confidence.low_deviation`, `.high_deviation` [1], median Y − X in the lowest and the highest quarter, in nats
 * - `confidence.agreement` [1], share of examples with the same top class
 * - `confidence.total_variation` [1], mean of ½ Σ_k |p_k − q_k|
 * - `confidence.clipped_share` [1], share of examples where a probability was clipped; they decide the slope if many
 * - `confidence.scatter` [1], the points (X, Y)
 *
 * Choosing c by the teacher alone bends the slope below 1 on examples the teacher was not trained on: judge the student
 * against a control. The attribute `network` tells student from control.
 *
 * Cost: a forward pass, counted as a third of a gradient evaluation, and another of the control; once, of the teacher.
 *
 * @throws TypeError or RangeError if teacher or control is not a function, on has fewer than 4 examples, output is not an
 *   index, or the conditions are not sound; when measuring, if the logits differ in shape.
 * @see Nagarajan, Menon, Bhojanapalli, Mobahi, Kumar 2023, arXiv 2301.12923
 *
 * @example
 * instrument(student, { metrics: [[confidence({ teacher: logits(teacher), on: { x, y } }), every(50)]] });
 */
export function confidence(options: ConfidenceOptions): Probe {
  const { teacher, on, control, output = 0, scatter = true, mode } = checked(options);
  const logitsOf = (network: string, outputs: () => Tensor | Tensor[]): RowMajor =>
    asRows(readBack(() => selected(network, [outputs()].flat(), output)));
  let taught: RowMajor | undefined;
  return {
    name: 'confidence',
    measures: [...Object.keys(QUANTITIES), ...(scatter ? [SCATTER] : [])].map((name) => ({ name, unit: '1' })),
    needs: { outputs: true, batch: true },
    on,
    measure(step) {
      const objective = required('confidence', probedObjective(step, 'confidence', { on, mode }), 'outputs');
      taught ??= logitsOf('teacher', () => teacher(on.x));
      const readings = (network: string, outputs: () => Tensor | Tensor[]): Reading[] => {
        const logits = logitsOf(network, outputs);
        step.ledger.evaluated(1 / 3);
        checkShapes(taught!, logits, network);
        const attributes = { network, ...(objective.mode && { mode: objective.mode }) };
        return read(confidenceDeviation(taught!, logits), scatter).map((reading) => ({ ...reading, attributes }));
      };
      return [...readings('student', objective.outputs), ...(control ? readings('control', () => control(on.x)) : [])];
    },
  };
}

/** The numbers of a deviation, by the names they are published under. */
const QUANTITIES = {
  'confidence.slope': 'slope',
  'confidence.intercept': 'intercept',
  'confidence.low_below_share': 'lowBelowShare',
  'confidence.low_deviation': 'lowDeviation',
  'confidence.high_deviation': 'highDeviation',
  'confidence.agreement': 'agreement',
  'confidence.total_variation': 'totalVariation',
  'confidence.clipped_share': 'clippedShare',
} as const;

const SCATTER = 'confidence.scatter';

const read = (deviation: ConfidenceDeviation, scatter: boolean): Reading[] => [
  ...Object.entries(QUANTITIES).map(([name, of]) => ({ name, value: deviation[of] })),
  ...(scatter ? [{ name: SCATTER, value: thinned(deviation.points) }] : []),
];

function selected(network: string, outputs: readonly Tensor[], output: number): Tensor {
  const logits = outputs[output];
  if (logits) return logits;
  throw new RangeError(`confidence: output must be below ${outputs.length} for the ${network}, got ${output}`);
}

function checkShapes(teacher: RowMajor, other: RowMajor, network: string): void {
  const shape = ({ rows, columns }: RowMajor): string => `[${rows}, ${columns}]`;
  const [theirs, ours] = [shape(teacher), shape(other)];
  refuseUnless(
    theirs === ours,
    "confidence: the teacher's logits",
    `of the shape of the ${network}'s, ${ours}`,
    theirs,
  );
}

function checked(options: ConfidenceOptions): ConfidenceOptions {
  const { teacher, on, control, output = 0 } = options ?? {};
  if (typeof teacher !== 'function') {
    throw new TypeError(`confidence: teacher must be a function, such as logits(model) gives, got ${teacher}`);
  }
  if (control !== undefined && typeof control !== 'function') {
    throw new TypeError(`confidence: control must be a function, got ${control}`);
  }
  checkBatch('confidence: on', on);
  checkWhole('confidence: output', output, 0);
  checkConditions('confidence', options);
  const examples = [on.x].flat()[0]!.shape[0]!;
  if (examples < 4) throw new RangeError(`confidence: on must hold at least 4 examples, got ${examples}`);
  return options;
}
