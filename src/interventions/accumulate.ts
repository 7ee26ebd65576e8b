import { checkWhole } from '../core/checkNumber.js';
import type { Intervention } from '../core/intervention.js';
import { named } from '../core/named.js';
import { overParts } from './overParts.js';

/**
 * Gradient accumulation: takes the gradient in parts of the batch, so that one part at a time is in memory.
 *
 *     the optimizer gets Σ_i (m_i / m) ∇L_i(w),  m_i of the m examples in the i-th of n parts
 *
 * For a loss that is a mean over the examples, and layers that see each example by itself, this is the gradient of the
 * whole batch. The whole batch passes forward once a step, without a tape: its metrics and the averages of batch
 * normalization are those of training without this. Batch normalization itself uses the statistics of each part; dropout
 * draws the same masks for each part. A layer with its batch size built in, such as a stateful recurrent one, cannot be
 * asked for a part.
 *
 * Beside `sam`, two methods. `[sam(), accumulate(n)]` is SAM: one perturbation for the whole batch, both gradients
 * accumulated. `[accumulate(n), sam()]` is m-sharpness in n groups: each part has a perturbation of its own, and the
 * gradients found there are averaged. `sam({ m })` is the same in groups of m examples.
 *
 * - Cost: n gradients of an n-th of the batch, 1 in all, and one forward pass. Memory: the activations of one part, and
 *   the gradients of all parts only while an intervention further in may yet report on them.
 * - Reports: what each part reports, averaged alike.
 *
 * @param n The number of parts, as equal as can be; a batch of fewer examples gives one part an example.
 * @throws RangeError if n is not a whole number >= 1; TypeError, at the first step, if the batch cannot be exchanged.
 * @see Foret, Kleiner, Mobahi, Neyshabur 2020, arXiv 2010.01412, §4.1 (m-sharpness)
 *
 * @example
 * instrument(model, { interventions: [clipByGlobalNorm(5), sam(), accumulate(4)] });
 */
export function accumulate(n: number): Intervention {
  checkWhole('accumulate: n', n);
  const intervention: Intervention = (next) =>
    named(
      'accumulate',
      overParts('accumulate', next, () => n),
    );
  return Object.assign(intervention, { needs: { batch: true } });
}
