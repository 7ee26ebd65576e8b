import type { Variable } from '@tensorflow/tfjs-core';
import type { Observable } from 'rxjs';
import type { WeightKeeper } from './bestWeights.js';
import type { Within } from './drain.js';
import type { Intervention } from './intervention.js';
import type { Offers } from './needs.js';
import type { Gradient, GradientFn, Objective } from './objective.js';
import type { PartState } from './partStates.js';
import type {
  Alert,
  AlertRule,
  Epoch,
  Failure,
  Measurement,
  OptimizerSettings,
  Probe,
  RunInfo,
  Schedule,
  Sink,
  Step,
} from './watching.js';

/** What every run takes, whatever its loop. */
export interface RunOptions {
  /** What changes training, first outermost. */
  readonly interventions?: readonly Intervention[];
  /** What watches training, and when. */
  readonly metrics?: readonly (readonly [Probe, Schedule])[];
  readonly sinks?: readonly Sink[];
  /** What to find in the measurements. */
  readonly alerts?: readonly AlertRule[];
  /** When the run tells its own numbers: loss, durations, what interventions report. Default `every(1)`. */
  readonly reports?: Schedule;
  /** Seeds what is random in training (dropout, noise) and in probes. Without it training draws from `Math.random`. */
  readonly seed?: number;
  /** Which weights stay when the run stops, such as `bestWeights('validation.loss')`. Default: the last. */
  readonly keep?: WeightKeeper;
}

/**
 * The streams of a run. All are hot and synchronous, and complete when the run has stopped. What a subscriber throws is a
 * failure of the run, and three in a row end its subscription.
 */
export interface Streams {
  /** Each step before it is applied; valid only while it is emitted. */
  readonly steps: Observable<Step>;
  readonly epochs: Observable<Epoch>;
  readonly measurements: Observable<Measurement>;
  /** What the rules find; on the console if nobody subscribes. */
  readonly alerts: Observable<Alert>;
  readonly failures: Observable<Failure>;
}

/** What a training loop gives to its run. */
export interface Loop {
  readonly info: RunInfo;
  readonly offers: Offers;
  /** Rules that every run has. They watch what is measured, and are no reason to measure. */
  readonly alerts: readonly AlertRule[];
  /** Milliseconds on a monotonic clock. */
  now(): number;
  readonly within: Within;
  /** Runs what watches a step so that training does not notice; `draw` replaces every source of randomness. */
  unnoticed<T>(draw: () => number, watch: () => T): T;
  /** Computes gradients, and finds the kernels that had a wrong one, and how wrong relative to the right one. */
  tryGradients?<T>(compute: () => T): { readonly result: T; readonly wrong: ReadonlyMap<string, number> };
  /** What will apply the gradient of the step. */
  optimizer?(): OptimizerSettings | undefined;
  /** All weights there are, in an order that stays. Default: the parameters of the steps, as they come. */
  weights?(): readonly Variable[];
}

/** How far a run has come, as plain values. */
export type Progress = {
  /** Steps taken, and epochs ended. */
  readonly step: number;
  readonly epoch: number;
  /** First outermost. */
  readonly interventions: readonly PartState[];
  readonly keep: PartState | null;
};

/** A run as its adapter drives it. */
export interface RunCore {
  readonly streams: Streams;
  /** Whether anything changes or watches the steps; if not, they need not pass through `take`. */
  active(): boolean;
  /**
   * One training step: the gradient for the optimizer, shown to whoever watches. `compute` is the loop's own.
   *
   * @throws Error within a step.
   */
  take(objectiveAt: (step: number) => Objective, compute: GradientFn): Gradient;
  /** Whether anything wraps the optimizer's step; if so, it must pass through `apply`. */
  readonly updates: boolean;
  /** The optimizer's step on the gradient that `take` gave last. One that was made already is not wrapped again. */
  apply(apply: () => void, learningRate: number | undefined): void;
  /** A step that nothing changes or watches: counted. */
  pass(): void;
  /** An epoch begins, 0-based. */
  beginEpoch(index: number): void;
  epoch(epoch: Epoch): void;
  /** @throws Error within a step, and after the end. */
  state(): Progress;
  /** Ends the streams, frees the interventions, flushes the sinks. Called again, gives the same promise. */
  end(): Promise<void>;
}
