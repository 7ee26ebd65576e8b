import type { Counter, Gauge, Histogram, Meter, MetricOptions } from '@opentelemetry/api';
import { describe } from './descriptions.js';

export interface Instruments {
  readonly gauge: (name: string, unit: string) => Gauge;
  /** Of durations in milliseconds. */
  readonly histogram: (name: string) => Histogram;
  readonly counter: (name: string, unit: string) => Counter;
}

/** The default of the SDK starts at 5 ms, where many steps have long ended. */
const BOUNDARIES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Makes each instrument when it is first asked for: one made before the provider is set would stay a no-op for good. */
export function instruments(meter: () => Meter): Instruments {
  const options = (name: string, unit: string): MetricOptions => ({ unit, description: describe(name) });
  return {
    gauge: once((name, unit: string) => meter().createGauge(name, options(name, unit))),
    counter: once((name, unit: string) => meter().createCounter(name, options(name, unit))),
    histogram: once((name) =>
      meter().createHistogram(name, { ...options(name, 'ms'), advice: { explicitBucketBoundaries: BOUNDARIES } }),
    ),
  };
}

function once<Rest extends unknown[], T>(make: (name: string, ...rest: Rest) => T): (name: string, ...rest: Rest) => T {
  const made = new Map<string, T>();
  return (name, ...rest) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name, ...rest);
    made.set(name, fresh);
    return fresh;
  };
}
