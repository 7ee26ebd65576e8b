import type { Scalar, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  every,
  featureRank,
  type Intervention,
  l2,
  type Measurement,
  type Sink,
  sam,
  topEigenvalue,
} from 'sharpstream';
import { remoteDashboard, repairWasm } from 'sharpstream/browser';
import { curvatureOf, lanczos } from 'sharpstream/curvature';
import { instrument, type Run } from 'sharpstream/tfjs';

export const unchanged: Intervention = (next) => (objective) => next(objective);

const printed: Sink = { name: 'printed', write: (batch) => console.log(batch.length) };

export function watched(model: LayersModel): Run {
  const run = instrument(model, {
    interventions: [sam({ rho: (step) => Math.min(0.05, step / 1000) }), unchanged, l2(1e-4)],
    metrics: [
      [topEigenvalue(), every(50)],
      [featureRank({ layers: ['hidden'] }), every(50)],
    ],
    sinks: [printed, remoteDashboard({ url: location.origin })],
  });
  run.measurements.subscribe(({ name, step, value }: Measurement) => console.log(name, step, value));
  return run;
}

export const used = { curvatureOf, lanczos, repairWasm };

// @ts-expect-error a strength is a number, a function or an Observable
sam({ rho: 'large' });
// @ts-expect-error exactOptionalPropertyTypes: what is left out is left out
sam({ rho: undefined });
// @ts-expect-error a probe goes with a schedule
instrument({} as LayersModel, { metrics: [topEigenvalue()] });

export function handWritten(run: Run, params: Variable[], loss: () => Scalar): void {
  run.minimize({ params, loss }).dispose();
}
