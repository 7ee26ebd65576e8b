import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withoutSecondDerivative } from '../activations/withoutSecondDerivative.js';
import type { Needs } from '../core/intervention.js';
import type { Objective } from '../core/objective.js';
import { required } from '../core/required.js';
import { linearizeComposition } from '../curvature/linearize/linearizeComposition.js';
import { linearizeGradient } from '../curvature/linearize/linearizeGradient.js';
import type { Disposable } from '../curvature/tape/recording.js';
import { dataLossOf } from './dataGradient.js';

/** What may stand for the Hessian in the update of a gradient penalty. */
export type PenaltyMatrix = 'hessian' | 'gauss-newton' | 'flat-activations';

interface Matrix {
  readonly needs: Needs;
  /** Gradient evaluations of the record and one product. */
  readonly cost: number;
  /** @throws TypeError if the objective lacks what it needs. */
  record(objective: Objective): MatrixRecord;
}

/** The data loss D and its gradient, and products with a matrix A, of lists of tensors shaped like the parameters. */
interface MatrixRecord extends Disposable {
  readonly loss: Scalar;
  readonly grads: readonly Tensor[];
  product(v: readonly Tensor[]): Tensor[];
}

export const penaltyMatrices: Readonly<Record<PenaltyMatrix, Matrix>> = {
  hessian: {
    needs: {},
    cost: 3,
    record(objective) {
      const record = linearizeGradient(dataLossOf(objective), objective.params);
      return { ...record, product: record.hvp };
    },
  },
  'gauss-newton': {
    needs: { outputs: true },
    cost: 7 / 3,
    record(objective) {
      const { outputs, outputLoss } = required(
        "gradientPenalty with matrix 'gauss-newton'",
        objective,
        'outputs',
        'outputLoss',
      );
      const record = linearizeComposition(outputs, outputLoss, objective.params);
      return { ...record, product: record.gaussNewton };
    },
  },
  'flat-activations': {
    needs: { activations: true },
    cost: 3,
    record(objective) {
      const { withActivations } = required(
        "gradientPenalty with matrix 'flat-activations'",
        objective,
        'withActivations',
      );
      const record = withActivations(withoutSecondDerivative, () =>
        linearizeGradient(dataLossOf(objective), objective.params),
      );
      return { ...record, product: record.hvp };
    },
  },
};
