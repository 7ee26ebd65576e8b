import type { Variable } from '@tensorflow/tfjs-core';
import type { Observable } from 'rxjs';
import type { WeightKeeper } from './bestWeights.js';
import type { PartState } from './partStates.js';
import type { Ledger, Measurement } from './watching.js';

/** A keeper of weights while a run lasts. */
export interface Keeping {
  state(): PartState;
  /** @throws Error if the state is of another keeper. */
  restore(saved: PartState): void;
  /** Settles which weights stay. */
  end(): void;
}

export interface KeptRun {
  readonly measurements: Observable<Measurement>;
  /** All weights there are, in an order that stays. */
  weights(): readonly Variable[];
  readonly failed: Ledger['failed'];
}

/** Shows a keeper all that is measured. What it throws is a failure of the run: training goes on. */
export function keeping(keeper: WeightKeeper, run: KeptRun): Keeping {
  const live = keeper();
  const { name } = live;
  const attempt = (f: () => void): void => {
    try {
      f();
    } catch (error) {
      run.failed(name, error);
    }
  };
  run.measurements.subscribe((measurement) => attempt(() => live.measured(measurement, run.weights())));
  return {
    state: () => ({ name, state: live.state() }),
    restore(saved) {
      if (saved.name !== name) {
        throw new Error(`instrument: the state keeps ${saved.name}, this run ${name}; pass the keep of the state`);
      }
      if (saved.state !== null) live.restore(saved.state);
    },
    end: () => attempt(() => live.end(run.weights())),
  };
}
