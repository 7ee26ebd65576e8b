import {
  add,
  addN,
  div,
  logSoftmax,
  mean,
  mul,
  neg,
  type Scalar,
  softmax,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkPositive } from '../core/checkNumber.js';
import type { Intervention, Strength } from '../core/intervention.js';
import type { Batch, GradientFn, Logits, Objective } from '../core/objective.js';
import { refuseUnless } from '../core/refuseUnless.js';
import { required } from '../core/required.js';
import { asClasses } from './asClasses.js';
import { changeDataLoss, type DataLoss } from './changeDataLoss.js';
import { ofStrength } from './ofStrength.js';

/** What {@link distillation} takes. */
export interface DistillationOptions {
  /** The network to learn from, in inference mode. */
  readonly teacher: Logits;
  /** τ, which softens both distributions. Default 4. */
  readonly temperature?: number;
  /** α, the share of the teacher in the data loss: 0 learns from the labels alone, 1 from the teacher alone. Default 0.5. */
  readonly weight?: Strength;
}

/**
 * Knowledge distillation: learns the teacher's distribution over the classes beside the labels.
 *
 *     (1 − α) D + α τ² CE(softmax(t/τ), softmax(z/τ)) + P
 *
 * D is the data loss, P the penalty, z the student's and t the teacher's logits; CE is the mean over the examples,
 * summed over outputs. τ² keeps the size of its gradient. A single logit is taken as that of the first of two classes.
 *
 * - Cost: no further gradient evaluation; one forward pass of the teacher a step, outside of the tape.
 * - Reports: nothing.
 *
 * @throws RangeError if temperature is not positive, or weight is not within 0…1; TypeError if teacher is not a function;
 *   at the first step RangeError if the shapes of the logits differ.
 * @see Hinton, Vinyals, Dean 2015, arXiv 1503.02531; Nagarajan, Menon, Bhojanapalli, Mobahi, Kumar 2023, arXiv 2301.12923
 *
 * @example
 * instrument(student, { interventions: [sam(), distillation({ teacher: logits(teacher), temperature: 4, weight: 0.9 })] });
 */
export function distillation(options: DistillationOptions): Intervention {
  const { teacher, temperature = 4, weight = 0.5 } = options ?? {};
  if (typeof teacher !== 'function') {
    throw new TypeError(`distillation: teacher must be a function, such as logits(model) gives, got ${teacher}`);
  }
  checkPositive('distillation: temperature', temperature);
  const acting = (next: GradientFn) => {
    const targetsOf = oncePerBatch((x) => [teacher(x)].flat().map((t) => softmax(div(asClasses(t), temperature))));
    return (objective: Objective, a: number) =>
      next(changeDataLoss('distillation', objective, distilled(a, temperature, targetsOf)));
  };
  return ofStrength('distillation', 'weight', weight, acting, { most: 1, needs: { outputs: true, batch: true } });
}

type Targets = (batch: Batch) => readonly Tensor[];

const distilled =
  (alpha: number, temperature: number, targetsOf: Targets) =>
  (loss: DataLoss, objective: Objective): DataLoss => {
    const targets = targetsOf(required('distillation', objective, 'batch').batch);
    return (z) => add(mul(1 - alpha, loss(z)), mul(alpha * temperature ** 2, crossEntropy(targets, z, temperature)));
  };

function crossEntropy(targets: readonly Tensor[], outputs: readonly Tensor[], temperature: number): Scalar {
  const students = outputs.map(asClasses);
  checkShapes(targets, students);
  return addN(
    students.map((z, i) => neg(mean<Scalar>(sum(mul(targets[i]!, logSoftmax(div(z, temperature))), -1)))),
  ) as Scalar;
}

function checkShapes(teacher: readonly Tensor[], student: readonly Tensor[]): void {
  const shapes = (logits: readonly Tensor[]): string => logits.map(({ shape }) => `[${shape}]`).join(', ');
  const [theirs, ours] = [shapes(teacher), shapes(student)];
  refuseUnless(theirs === ours, "distillation: the teacher's logits", `of the shape of the student's, ${ours}`, theirs);
}

/** The teacher's probabilities, made once for the passes of a step over the same batch. They live as long as the step. */
function oncePerBatch(targets: (x: Batch['x']) => Tensor[]): Targets {
  let last: { readonly batch: Batch; readonly targets: readonly Tensor[] } | undefined;
  return (batch) => {
    if (last?.batch !== batch || last.targets.some((t) => t.isDisposed)) {
      last = { batch, targets: tidy(() => targets(batch.x)) };
    }
    return last.targets;
  };
}
