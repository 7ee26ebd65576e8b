import { filter, type OperatorFunction } from 'rxjs';
import type { Attributes, Measurement } from './watching.js';

/** A measurement that is a number. */
export interface NumberMeasured extends Measurement {
  readonly value: number;
}

/**
 * Of all measurements the numbers with one name, and with these attributes if any are given; point sets are left out.
 *
 * @example
 * run.measurements.pipe(only('features.rank', { layer: 'hidden' })).subscribe(({ step, value }) => console.log(step, value));
 */
export function only(name: string, attributes: Attributes = {}): OperatorFunction<Measurement, NumberMeasured> {
  const wanted = Object.entries(attributes);
  return filter(
    (measured): measured is NumberMeasured =>
      measured.name === name &&
      typeof measured.value === 'number' &&
      wanted.every(([key, value]) => measured.attributes[key] === value),
  );
}
