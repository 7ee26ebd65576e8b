import { Observable, type OperatorFunction } from 'rxjs';
import { patience } from './patience.js';
import type { Measurement, Probe, Reading, Schedule, Step } from './watching.js';

/**
 * Lifts a probe to an operator from steps to measurements: at each step that is due, measures and stamps what was found.
 *
 * A throw does not end the stream: it becomes a failure of the run, and the third in a row switches the probe off.
 * A value that is not finite goes out as it is, and is a failure besides. Synchronous: put asynchronous operators behind it.
 *
 * @example
 * run.steps.pipe(probe(topEigenvalue(), every(50))).subscribe(({ step, value }) => console.log(step, value));
 */
export function probe(measured: Probe, schedule: Schedule): OperatorFunction<Step, Measurement> {
  const units = new Map(measured.measures.map(({ name, unit }) => [name, unit]));
  return (steps) =>
    new Observable((subscriber) => {
      const health = patience(measured.name);
      return steps.subscribe({
        next(step) {
          if (health.over()) return;
          const { ledger } = step;
          const [started, before] = [ledger.now(), ledger.evaluations()];
          let readings: readonly Reading[] = [];
          try {
            if (!schedule.due(step.index, started)) return;
            readings = measured.measure(step);
            health.worked();
          } catch (error) {
            health.failed(error, ledger.failed);
          }
          const cost = { ms: ledger.now() - started, gradients: ledger.evaluations() - before };
          ledger.spent(cost.ms);
          schedule.spent?.(cost.ms);
          for (const reading of readings) {
            if (isNonFinite(reading)) ledger.failed(measured.name, new Error(`${reading.name} is ${reading.value}`));
            subscriber.next(measurement(reading, units.get(reading.name) ?? '1', step.index, cost));
          }
          if (readings.length > 0) subscriber.next(probeCost(measured.name, step.index, cost));
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

const isNonFinite = ({ value }: Reading): boolean => typeof value === 'number' && !Number.isFinite(value);

const measurement = (reading: Reading, unit: string, step: number, cost: Measurement['cost'] & {}): Measurement => ({
  attributes: {},
  ...reading,
  unit,
  step,
  cost,
});

const probeCost = (probe: string, step: number, cost: Measurement['cost'] & {}): Measurement => ({
  name: 'probe.cost',
  unit: 'ms',
  step,
  value: cost.ms,
  attributes: { probe },
  cost,
});
