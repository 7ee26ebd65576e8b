import type { OpenLedger } from './ledger.js';
import type { Gradient } from './objective.js';
import type { Measurement } from './watching.js';

/** The numbers a run tells of itself, step by step. */
export interface SelfReport {
  /** A step begins; ends the one before. */
  begin(): void;
  /** The numbers of the step at hand, read back now. */
  of(step: number, applied: Gradient, evaluations: number): Measurement[];
}

const UNITS: Readonly<Record<string, string>> = { 'sam.active_steps': '{step}' };

/**
 * - `train.loss`: the loss the optimizer steps on, at w_t;
 * - `gradient.evaluations` of the step, those of probes left out;
 * - `step.duration` [ms]: from the start of the step before to the start of this one, without the time spent watching;
 *   what lies between two steps belongs to it, so the last step of an epoch holds the validation too;
 * - `overhead.share`: time spent watching over wall time, since the first step;
 * - whatever interventions report.
 */
export function selfReport(ledger: OpenLedger): SelfReport {
  let first: number | undefined;
  let begun: { at: number; watched: number } | undefined;
  let duration: number | undefined;
  return {
    begin() {
      const at = ledger.now();
      const watched = ledger.watched();
      if (begun) duration = at - begun.at - (watched - begun.watched);
      first ??= at;
      begun = { at, watched };
    },
    of(step, applied, evaluations) {
      const reading = (name: string, value: number, unit = '1', at = step): Measurement => ({
        name,
        unit,
        step: at,
        value,
        attributes: {},
      });
      const wall = ledger.now() - first!;
      return [
        reading('train.loss', applied.loss.dataSync()[0]!),
        reading('gradient.evaluations', evaluations, '{evaluation}'),
        ...(duration === undefined ? [] : [reading('step.duration', duration, 'ms', step - 1)]),
        ...(wall > 0 ? [reading('overhead.share', ledger.watched() / wall)] : []),
        ...Object.entries(applied.report ?? {}).map(([name, evaluate]) => {
          const value = evaluate();
          return reading(name, typeof value === 'number' ? value : value.dataSync()[0]!, UNITS[name]);
        }),
      ];
    },
  };
}
