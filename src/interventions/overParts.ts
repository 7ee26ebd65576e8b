import { dispose, type Scalar, tidy } from '@tensorflow/tfjs-core';
import type { Batch, Gradient, GradientFn, Objective, Part, Report } from '../core/objective.js';
import { examplesIn, partsOf } from '../core/partsOf.js';
import { plus, type Sum } from '../core/plus.js';

/**
 * The mean of a gradient over so many parts of the batch, as equal as can be, and of what it reports.
 *
 *     Σ_i (m_i / m) g_i,  m_i of the m examples in the i-th part
 *
 * Each batch of a step passes forward as a whole once, without a tape, for a loop that gathers metrics and averages on the
 * way: one that is a fraction of the batch, as the ascent of `sam` may be, does not stand for all. What is one part is
 * handed on as it is.
 *
 * @throws TypeError, in the name of `who`, if the batch cannot be exchanged.
 */
export function overParts(who: string, next: GradientFn, count: (batch: Batch | undefined) => number): GradientFn {
  let shown: { readonly step: number; readonly batches: readonly unknown[] } = { step: -1, batches: [] };
  const show = ({ step, batch, loss }: Objective): void => {
    const before = step === shown.step ? shown.batches : [];
    if (before.includes(batch)) return;
    tidy(() => void loss());
    shown = { step, batches: [...before, batch] };
  };
  return (objective) => {
    const parts = partsOf(who, objective, count(objective.batch));
    if (parts.length === 1) return next(objective);
    show(objective);
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
