import { tidy } from '@tensorflow/tfjs-core';
import { of } from 'rxjs';
import { every } from './every.js';
import { gradient } from './gradient.js';
import { innermost } from './innermost.js';
import { openLedger } from './ledger.js';
import type { Gradient, Objective } from './objective.js';
import { openStep } from './openStep.js';
import { probe } from './probe.js';
import { random } from './random.js';
import type { Failure, Measurement, Probe } from './watching.js';

/** What {@link measureOnce} takes. */
export interface MeasureOnceOptions {
  /** Seeds the random directions of the probes. Default 0. */
  readonly seed?: number;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Told of each probe before it measures. */
  readonly began?: (probe: Probe, index: number) => void;
}

/** What was measured, and what could not be. */
export interface Findings {
  readonly measurements: readonly Measurement[];
  readonly failures: readonly Failure[];
}

/**
 * Measures an objective where it stands, without a training loop: shows one step to each probe in turn. The probes share
 * what probes of one step share; one that throws is a failure, and the others go on. No weight moves, no tensor stays.
 *
 * Cost: that of the probes.
 */
export function measureOnce(
  objective: Objective,
  probes: readonly Probe[],
  { seed = 0, now, began = () => {} }: MeasureOnceOptions,
): Findings {
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  const ledger = openLedger(now, (source, error, off = false) => {
    failures.push({ source, error: error instanceof Error ? error : new Error(String(error)), step: 0, off });
  });
  const { plain } = innermost(objective, gradient, ledger);
  const once = every(1);
  tidy(() => {
    const { step, end } = openStep({
      index: 0,
      epoch: 0,
      objective,
      plain,
      // Nothing changes training: what would be applied is the plain gradient.
      get applied(): Gradient {
        return plain();
      },
      random: random(seed),
      ledger,
    });
    try {
      probes.forEach((measured, i) => {
        began(measured, i);
        of(step)
          .pipe(probe(measured, once))
          .subscribe((measurement) => measurements.push(measurement));
      });
    } finally {
      end();
    }
  });
  return { measurements: measurements.filter(({ name }) => name !== 'probe.cost'), failures };
}
