/**
 * Measurements on the OpenTelemetry API: the entry `sharpstream/opentelemetry`.
 *
 * @module sharpstream/opentelemetry
 */

import type { Attributes, Failure, Measurement, RunInfo, Sink } from '../../src/core/watching.js';
import { type Instruments, instruments } from './instruments.js';
import { type FromMeter, type FromProvider, meterSource } from './meterSource.js';

export type { FromMeter, FromProvider };

/** What {@link openTelemetry} takes: a provider, or a meter and a way to flush it. */
export type OpenTelemetryOptions = FromProvider | FromMeter;

/**
 * Records measurements with the user's OpenTelemetry meter provider; uses the API only, so that where they go is the
 * provider's choice. What is recorded goes out at the provider's pace and, at the latest, when the run ends.
 *
 * | what | instrument |
 * |---|---|
 * | a value | gauge of the measurement's name and unit |
 * | its standard error | gauge, `<name>.standard_error` |
 * | a duration (unit ms) | histogram, bounds 1-2-5 from 0.1 ms to 10 s |
 * | the latest step | gauge `train.step` |
 * | a value that is infinite or NaN | counter `nonfinite.count`, by `metric`; never recorded |
 * | a failure | counter `sharpstream.failures`, by `source` |
 * | a point set | none: OpenTelemetry has no instrument for it |
 *
 * Attributes are the measurement's, and `run.name`. The step is never one, as each would make a series of its own.
 *
 * @throws TypeError if there is neither a provider nor a meter, or no way to flush.
 *
 * @example
 * const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
 * const run = instrument(model, { sinks: [openTelemetry({ provider })] });
 */
export function openTelemetry(options: OpenTelemetryOptions): Sink {
  const { meter, flush } = meterSource(options);
  const record = recorder(instruments(meter));
  let unsent = false;
  const send = async (): Promise<void> => {
    if (!unsent) return;
    await flush();
    unsent = false;
  };
  return {
    name: 'opentelemetry',
    write(batch, run) {
      unsent = true;
      record.measurements(batch, run);
    },
    failure(failure, run) {
      unsent = true;
      record.failure(failure, run);
    },
    end: send,
    close: send,
  };
}

function recorder(make: Instruments) {
  const value = (name: string, unit: string, x: number, attributes: Attributes, run: RunInfo): void => {
    if (!Number.isFinite(x)) make.counter(NONFINITE, '{value}').add(1, { metric: name, 'run.name': run.name });
    else if (unit === 'ms') make.histogram(name).record(x, attributes);
    else make.gauge(name, unit).record(x, attributes);
  };
  const measurement = ({ name, unit, value: x, standardError, attributes: own }: Measurement, run: RunInfo): void => {
    // The run's own total would be counted twice.
    if (typeof x !== 'number' || name === NONFINITE) return;
    const attributes = attributesOf(own, run);
    value(name, unit, x, attributes, run);
    if (standardError !== undefined) value(`${name}.standard_error`, unit, standardError, attributes, run);
  };
  return {
    measurements(batch: readonly Measurement[], run: RunInfo): void {
      let latest = 0;
      for (const m of batch) {
        measurement(m, run);
        latest = Math.max(latest, m.step);
      }
      if (batch.length > 0) make.gauge('train.step', '{step}').record(latest, { 'run.name': run.name });
    },
    failure({ source }: Failure, run: RunInfo): void {
      make.counter('sharpstream.failures', '{failure}').add(1, { source, 'run.name': run.name });
    },
  };
}

const NONFINITE = 'nonfinite.count';

function attributesOf({ step: _, ...attributes }: Attributes, run: RunInfo): Attributes {
  return { ...attributes, 'run.name': run.name };
}
