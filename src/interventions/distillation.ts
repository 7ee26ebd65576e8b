import {
  add,
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
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { Batch, GradientFn, Logits, Objective } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { asClasses } from './asClasses.js';
import { changeDataLoss, type DataLoss } from './changeDataLoss.js';
import { share } from './share.js';

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
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(`distillation: temperature must be positive and finite, got ${temperature}`);
  }
  if (typeof weight === 'number') share('distillation: weight', weight);
  const alpha = strength('distillation: weight', weight);
  const intervention: Intervention = (next) => {
    const at = alpha();
    const targetsOf = oncePerBatch((x) => [teacher(x)].flat().map((t) => softmax(div(asClasses(t), temperature))));
    const distillation: GradientFn = (objective) => {
      const a = share('distillation: weight', at(objective.step));
      return a === 0
        ? next(objective)
        : next(changeDataLoss('distillation', objective, distilled(a, temperature, targetsOf)));
    };
    distillation.dispose = at.dispose;
    return named('distillation', distillation);
  };
  return Object.assign(intervention, { needs: { outputs: true, batch: true } });
}

type Targets = (batch: Batch) => readonly Tensor[];

const distilled =
  (alpha: number, temperature: number, targetsOf: Targets) =>
  (loss: DataLoss, { batch }: Objective): DataLoss => {
    if (!batch) throw new TypeError('distillation: the objective must have a batch; give it to minimize');
    const targets = targetsOf(batch);
    return (z) => add(mul(1 - alpha, loss(z)), mul(alpha * temperature ** 2, crossEntropy(targets, z, temperature)));
  };

function crossEntropy(targets: readonly Tensor[], outputs: readonly Tensor[], temperature: number): Scalar {
  const students = outputs.map(asClasses);
  checkShapes(targets, students);
  return students
    .map((z, i) => neg(mean<Scalar>(sum(mul(targets[i]!, logSoftmax(div(z, temperature))), -1))))
    .reduce((a, b) => add(a, b));
}

function checkShapes(teacher: readonly Tensor[], student: readonly Tensor[]): void {
  const shapes = (logits: readonly Tensor[]): string => logits.map(({ shape }) => `[${shape}]`).join(', ');
  if (shapes(teacher) === shapes(student)) return;
  throw new RangeError(
    `distillation: the teacher's logits must have the shape of the student's, ${shapes(student)}, got ${shapes(teacher)}`,
  );
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
