import { dispose, type Scalar, tidy } from '@tensorflow/tfjs-core';
import type { Batch, Gradient, GradientFn, Part, Report } from '../core/objective.js';
import { examplesIn, partsOf } from '../core/partsOf.js';
import { plus, type Sum } from '../core/plus.js';

/**
 * The mean of a gradient over so many parts of the batch, as equal as can be, and of what it reports.
 *
 *     Σ_i (m_i / m) g_i,  m_i of the m examples in the i-th part
 *
 * The whole batch passes forward once a step, without a tape, for a loop that gathers metrics and averages on the way.
 * What is one part is handed on as it is.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function overParts(who: string, next: GradientFn, count: (batch: Batch | undefined) => number): GradientFn {
  let shown = -1;
  return (objective) => {
    const parts = partsOf(who, objective, count(objective.batch));
    if (parts.length === 1) return next(objective);
    if (objective.step !== shown) tidy(() => void objective.loss());
    shown = objective.step;
    return mean(next, parts);
  };
}

/** Sums as it goes. What a report may still read lives on to the end of the step. */
function mean(next: GradientFn, parts: readonly Part[]): Gradient {
  let sum: Sum | undefined;
  const reports: (Report | undefined)[] = [];
  const whole = examplesIn(parts);
  for (const { objective, examples } of parts) {
    const part = next(objective);
    const before = sum;
    sum = tidy(() => plus(before, part, examples / whole));
    dispose(before);
    if (!part.report) dispose(part.grads);
    reports.push(part.report);
  }
  return { ...sum!, report: meanReport(reports, parts) };
}

function meanReport(reports: readonly (Report | undefined)[], parts: readonly Part[]): Report | undefined {
  const [first] = reports;
  if (!first) return undefined;
  const average = (name: string) => (): number =>
    reports.reduce((sum, report, i) => sum + parts[i]!.examples * number(report![name]!()), 0) / examplesIn(parts);
  return Object.fromEntries(Object.keys(first).map((name) => [name, average(name)]));
}

const number = (value: Scalar | number): number => (typeof value === 'number' ? value : value.dataSync()[0]!);
