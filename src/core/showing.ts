import type { Observer } from 'rxjs';
import type { Gradient } from './objective.js';
import { openStep, type StepParts } from './openStep.js';
import { random } from './random.js';
import type { SelfReport } from './selfReport.js';
import type { Ledger, Measurement, Schedule, Step } from './watching.js';

export interface Showing {
  readonly steps: Pick<Observer<Step>, 'next'>;
  readonly reports: Schedule;
  readonly report: SelfReport;
  readonly ledger: Ledger;
  /** Of the random streams of the steps. */
  readonly seed: number;
  publish(measurement: Measurement): void;
  unnoticed<T>(draw: () => number, watch: () => T): T;
}

/** A step that has its gradient, but for what every step is given alike. */
export type TakenStep = Omit<StepParts, 'random' | 'ledger'> & { readonly applied: Gradient };

/** Shows steps to those who watch, and tells the run's own numbers of each. What they throw is a failure of the run. */
export function showing(run: Showing): (taken: TakenStep, evaluations: number) => void {
  const { steps, reports, report, ledger, seed, publish, unnoticed } = run;
  return (taken, evaluations) => {
    const { index, applied } = taken;
    const draw = random(seed, index);
    unnoticed(draw, () => {
      const { step, end } = openStep({ ...taken, random: draw, ledger });
      try {
        steps.next(step);
        if (reports.due(index, ledger.now())) report.of(index, applied, evaluations).forEach(publish);
      } catch (error) {
        ledger.failed('run', error);
      } finally {
        end();
      }
    });
  };
}
