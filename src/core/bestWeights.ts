import { clone, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { checkOneOf } from './checkOneOf.js';
import { keptTensors } from './keptTensors.js';
import type { Json } from './objective.js';
import type { Packed } from './pack.js';
import type { Measurement } from './watching.js';

/** Decides which weights stay when a run stops. Its state is born with the run. */
export type WeightKeeper = () => LiveWeightKeeper;

/** A {@link WeightKeeper} within its run. */
export interface LiveWeightKeeper {
  readonly name: string;
  /** A measurement, and the weights that were measured. */
  measured(measurement: Measurement, weights: readonly Variable[]): void;
  /** The run stops: puts in place what is to stay, and frees the rest, also when it throws. */
  end(weights: readonly Variable[]): void;
  /** What it keeps, as plain values. */
  state(): Json;
  /** Goes on from what `state()` gave. */
  restore(state: Json): void;
}

/** What {@link bestWeights} takes. */
export interface BestWeightsOptions {
  /** Whether the smallest or the largest value is best. Default 'min'. */
  readonly mode?: 'min' | 'max';
}

/**
 * Keeps the weights at the best value of a metric, and puts them back when the run stops; of equal values the first.
 *
 * The metric is any measurement of the run: of a step (`train.loss`, `hessian.top_eigenvalue`), taken with the weights it
 * was measured at, or of an epoch (`validation.loss`), with those at its end. The averages of batch normalization are
 * weights too. Where a name has several series, as with layers, the best of all counts. Values that are not finite do not.
 * A metric that never came is a failure of the run, and leaves the weights.
 *
 * Cost: no gradient, and the memory of one more copy of the weights.
 *
 * @throws TypeError if the metric has no name, RangeError if mode is neither 'min' nor 'max'.
 *
 * @example
 * const run = instrument(model, { keep: bestWeights('validation.loss') });
 * await model.fit(x, y, { epochs: 50, validationSplit: 0.2 });
 * await run.stop(); // The weights are those of the best epoch.
 */
export function bestWeights(metric: string, { mode = 'min' }: BestWeightsOptions = {}): WeightKeeper {
  if (typeof metric !== 'string' || metric === '') {
    throw new TypeError(`bestWeights: metric must be the name of a measurement, such as 'train.loss', got ${metric}`);
  }
  checkOneOf('bestWeights: mode', mode, ['min', 'max']);
  const name = `bestWeights('${metric}', ${mode})`;
  const better = (a: number, b: number): boolean => (mode === 'min' ? a < b : a > b);

  return () => {
    const met = new Set<string>();
    const kept = keptTensors();
    let best: number | undefined;
    return {
      name,
      measured(measurement, weights) {
        met.add(measurement.name);
        const { value } = measurement;
        if (measurement.name !== metric || typeof value !== 'number' || !Number.isFinite(value)) return;
        if (best !== undefined && !better(value, best)) return;
        best = value;
        kept.put(weights.map((w) => clone(w)));
      },
      end(weights) {
        if (best === undefined) {
          const others = [...met].join(', ') || 'nothing';
          throw new Error(`'${metric}' was never measured, so the weights stay; measured were ${others}`);
        }
        try {
          putBack(kept.all(), weights);
        } finally {
          kept.dispose();
        }
      },
      state: () => (best === undefined ? null : { value: best, weights: kept.state() }),
      restore(state) {
        const { value, weights } = state as { value: number; weights: readonly Packed[] };
        best = value;
        kept.restore(weights);
      },
    };
  };
}

/** @throws RangeError if the weights are no longer of the shapes that were kept; then none is changed. */
function putBack(kept: readonly Tensor[], weights: readonly Variable[]): void {
  kept.forEach(({ shape }, i) => {
    const now = weights[i]?.shape;
    if (`${now}` !== `${shape}`) throw new RangeError(`weight ${i} had the shape [${shape}] when best, now [${now}]`);
  });
  kept.forEach((w, i) => weights[i]!.assign(w));
}
