import { add, dispose, mul, type NamedTensorMap, type Scalar, slice, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Intervention } from '../core/intervention.js';
import { named } from '../core/named.js';
import { scale } from '../core/namedTensors.js';
import type { Batch, Gradient, GradientFn, Objective, Report } from '../core/objective.js';
import { rowsOf } from '../core/rowsOf.js';

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
 * accumulated. `[accumulate(n), sam()]` is m-sharpness: each part has a perturbation of its own, and the gradients found
 * there are averaged.
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
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`accumulate: n must be a whole number >= 1, got ${n}`);
  const intervention: Intervention = (next) => {
    let shown = -1;
    const accumulate: GradientFn = (objective) => {
      const parts = partsOf(objective, n);
      if (parts.length === 1) return next(objective);
      if (objective.step !== shown) tidy(() => void objective.loss());
      shown = objective.step;
      return mean(next, parts);
    };
    return named('accumulate', accumulate);
  };
  return Object.assign(intervention, { needs: { batch: true } });
}

interface Part {
  readonly objective: Objective;
  readonly size: number;
}

function partsOf(objective: Objective, n: number): Part[] {
  const { batch, withBatch } = objective;
  if (n === 1) return [{ objective, size: 1 }];
  if (!batch || !withBatch) {
    throw new TypeError('accumulate: the objective must have batch and withBatch; give them to minimize');
  }
  const rows = rowsOf(batch);
  const count = Math.max(1, Math.min(n, rows));
  const start = (i: number): number => Math.floor((i * rows) / count);
  return Array.from({ length: count }, (_, i) => {
    const [begin, size] = [start(i), start(i + 1) - start(i)];
    return { objective: withBatch(rowsFrom(batch, begin, size)), size };
  });
}

function rowsFrom({ x, y, weights }: Batch, begin: number, size: number): Batch {
  const cut = (t: Tensor): Tensor => slice(t, begin, size);
  const each = (t: Batch['x']): Batch['x'] => (Array.isArray(t) ? t.map(cut) : cut(t as Tensor));
  return { x: each(x), y: each(y), weights: weights?.map((w) => w && cut(w)) };
}

/** Sums as it goes. What a report may still read lives on to the end of the step. */
function mean(next: GradientFn, parts: readonly Part[]): Gradient {
  let sum: Sum | undefined;
  const reports: (Report | undefined)[] = [];
  const whole = sizeOf(parts);
  for (const { objective, size } of parts) {
    const part = next(objective);
    const before = sum;
    sum = tidy(() => plus(before, part, size / whole));
    dispose(before);
    if (!part.report) dispose(part.grads);
    reports.push(part.report);
  }
  return { ...sum!, report: meanReport(reports, parts) };
}

/** A type, for `tidy` takes no interface. */
type Sum = { loss: Scalar; grads: NamedTensorMap };

function plus(sum: Sum | undefined, part: Gradient, share: number): Sum {
  const grads = scale(part.grads, share);
  const loss = mul<Scalar>(part.loss, share);
  if (!sum) return { loss, grads };
  const names = new Set([...Object.keys(sum.grads), ...Object.keys(grads)]);
  const added = [...names].map((name): [string, Tensor] => {
    const [a, b] = [sum.grads[name], grads[name]];
    return [name, a && b ? add(a, b) : (a ?? b)!];
  });
  return { loss: add(sum.loss, loss), grads: Object.fromEntries(added) };
}

function meanReport(reports: readonly (Report | undefined)[], parts: readonly Part[]): Report | undefined {
  const [first] = reports;
  if (!first) return undefined;
  const average = (name: string) => (): number =>
    reports.reduce((sum, report, i) => sum + parts[i]!.size * number(report![name]!()), 0) / sizeOf(parts);
  return Object.fromEntries(Object.keys(first).map((name) => [name, average(name)]));
}

const sizeOf = (parts: readonly Part[]): number => parts.reduce((sum, { size }) => sum + size, 0);

const number = (value: Scalar | number): number => (typeof value === 'number' ? value : value.dataSync()[0]!);
