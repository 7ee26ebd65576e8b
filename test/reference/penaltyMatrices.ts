import { readGolden } from './readGolden.js';

/** Products with ĝ = g / ‖g‖, as penalty_matrices.py has them; of H as others have it too. */
export interface PenaltyMatrixGolden {
  readonly hessian: readonly number[];
  readonly gaussNewton: readonly number[];
  /** Of H with φ″ = 0 in every activation. */
  readonly flatActivations: readonly number[];
}

export const penaltyMatrixNames = ['mlp-tanh', 'mlp-gelu', 'mlp-swish', 'conv-batch-norm', 'residual'] as const;

export const penaltyMatrixGoldens =
  readGolden<Readonly<Record<(typeof penaltyMatrixNames)[number], PenaltyMatrixGolden>>>('penalty-matrices');
