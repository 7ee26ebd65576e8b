/** What `pipe` infers on the streams of a run. Checked by the compiler, in `npm run check`; never run. */

import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  combineLatestWith,
  filter,
  firstValueFrom,
  map,
  type Observable,
  type Subscription,
  scan,
  withLatestFrom,
} from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type InstrumentOptions, instrument } from '../../adapters/tfjs/index.js';
import {
  type Alert,
  type AlertRule,
  above,
  alertRule,
  type Epoch,
  every,
  type Failure,
  type Measurement,
  type NumberMeasured,
  nonFinite,
  only,
  type Points,
  probe,
  type Step,
  type Strength,
  sam,
  topEigenvalue,
} from '../../src/index.js';

declare const model: LayersModel;
const run = instrument(model);

// Each stream is an Observable of its own items, and nothing that takes items.
expectTypeOf(run.steps).toEqualTypeOf<Observable<Step>>();
expectTypeOf(run.epochs).toEqualTypeOf<Observable<Epoch>>();
expectTypeOf(run.measurements).toEqualTypeOf<Observable<Measurement>>();
expectTypeOf(run.alerts).toEqualTypeOf<Observable<Alert>>();
expectTypeOf(run.failures).toEqualTypeOf<Observable<Failure>>();
// @ts-expect-error only the run emits
run.steps.next;

// Callbacks need no annotation, and nothing turns into `any`.
run.measurements.subscribe((measurement) => expectTypeOf(measurement).toEqualTypeOf<Measurement>());
run.alerts.subscribe(({ state, severity }) => {
  expectTypeOf(state).toEqualTypeOf<'raised' | 'cleared'>();
  expectTypeOf(severity).toEqualTypeOf<'warning' | 'critical'>();
});
expectTypeOf(run.failures.subscribe()).toEqualTypeOf<Subscription>();

// The value of a measurement is a number or points, until `only` has made sure.
expectTypeOf(run.measurements.pipe(map(({ value }) => value))).toEqualTypeOf<Observable<number | Points>>();
expectTypeOf(run.measurements.pipe(only('train.loss'))).toEqualTypeOf<Observable<NumberMeasured>>();
expectTypeOf(
  run.measurements.pipe(
    only('features.rank', { layer: 'hidden' }),
    map(({ value }) => value),
    scan((sum, value) => sum + value),
  ),
).toEqualTypeOf<Observable<number>>();

// A probe takes steps, and only steps.
expectTypeOf(run.steps.pipe(probe(topEigenvalue(), every(50)), only('hessian.top_eigenvalue'))).toEqualTypeOf<
  Observable<NumberMeasured>
>();
// @ts-expect-error a probe measures steps
run.measurements.pipe(probe(topEigenvalue(), every(50)));

// Streams join with their types.
expectTypeOf(run.alerts.pipe(withLatestFrom(run.epochs))).toEqualTypeOf<Observable<[Alert, Epoch]>>();
expectTypeOf(run.measurements.pipe(combineLatestWith(instrument(model).measurements))).toEqualTypeOf<
  Observable<[Measurement, Measurement]>
>();
expectTypeOf(firstValueFrom(run.epochs)).toEqualTypeOf<Promise<Epoch>>();

// A pipe that ends in numbers is a strength; one that does not is none.
const rho = run.measurements.pipe(
  only('hessian.top_eigenvalue'),
  map(({ value }) => 1 / value),
);
expectTypeOf(rho).toExtend<Strength>();
sam({ rho });
// @ts-expect-error measurements are not numbers
sam({ rho: run.measurements });

// Rules: the given ones, made ones, and any operator to alerts.
expectTypeOf(above('train.loss', 1)).toEqualTypeOf<AlertRule>();
alertRule({
  id: 'slow',
  of: 'step.duration',
  judge:
    () =>
    (ms, { step }) =>
      step > 10 && ms > 100,
});
// @ts-expect-error a judge does not answer in numbers
alertRule({ id: 'slow', judge: () => (ms) => ms });
const rules: InstrumentOptions['alerts'] = [
  nonFinite(),
  (measurements) =>
    measurements.pipe(
      filter(({ name }) => name === 'train.loss'),
      map((measurement) => ({
        id: 'mine',
        severity: 'warning' as const,
        state: 'raised' as const,
        message: '',
        measurement,
      })),
    ),
];
expectTypeOf(rules).not.toBeAny();
// @ts-expect-error severities are warning and critical
above('train.loss', 1, { severity: 'error' });
