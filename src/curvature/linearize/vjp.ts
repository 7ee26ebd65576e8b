import type { Tensor } from '@tensorflow/tfjs-core';
import { withRecord } from '../tape/withRecord.js';
import { pullbackOf } from './pullbackOf.js';

/**
 * Jᵀ u, with J = ∂z/∂w the Jacobian of the outputs in the parameters: the gradient of ⟨z, u⟩. First derivatives are all it
 * takes, and they are right where those of tfjs are not.
 *
 * - Cost: 1 gradient.
 *
 * @param params variables, or other tensors that `outputs` reads.
 * @param u shaped like the outputs.
 * @returns tensors shaped like the parameters; the caller owns them. Nothing else is left.
 * @throws RangeError if `u` has other shapes; Error if a kernel has no derivative, naming it, and while tfjs records a
 * gradient.
 *
 * @example
 * const [pulled] = vjp(() => [tf.matMul(x, w)], [w], [u]); // xᵀ u
 */
export const vjp = (outputs: () => Tensor[], params: readonly Tensor[], u: readonly Tensor[]): Tensor[] =>
  withRecord(pullbackOf(outputs, params), (record) => record.vjp(u));
