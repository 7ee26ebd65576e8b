import { dispose, scalar, square, type Tensor2D, train, variable } from '@tensorflow/tfjs-core';
import { every } from '../../../../src/core/every.js';
import { featureRank } from '../../../../src/metrics/featureRank.js';
import { unitActivity } from '../../../../src/metrics/unitActivity.js';
import { memory } from '../../../exporters/memory.js';
import { instrument } from '../../../tfjs/instrument.js';

/** What the probes tell of features `[examples, units]`, uncentred, at 99 % of the variance. */
export interface MeasuredFeatures {
  readonly rank: number;
  readonly effectiveRank: number;
  readonly active: number;
  readonly dead: number;
}

/** Measures features as those of a layer of a loop, in one step that is looked at and not taken. */
export function measuredFeatures(features: Tensor2D): MeasuredFeatures {
  const told = memory();
  const optimizer = train.sgd(1);
  const layers = ['features'];
  const run = instrument(optimizer, {
    metrics: [
      [featureRank({ layers, centering: 'none' }), every(1)],
      [unitActivity({ layers }), every(1)],
    ],
    sinks: [told],
    offers: ['features'],
  });
  const w = variable(scalar(1));
  const { value, grads } = run.gradients({ params: [w], loss: () => square(w), features: () => [features] });
  dispose([value, grads, w]);
  void run.stop();
  optimizer.dispose();
  for (const { error } of told.failures) throw error;
  const named = (quantity: string): number => told.values(`features.${quantity}`).at(-1)!;
  return {
    rank: named('rank'),
    effectiveRank: named('effective_rank'),
    active: named('active_units'),
    dead: named('dead_units'),
  };
}
