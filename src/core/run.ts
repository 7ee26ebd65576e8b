import { tidy, type Variable } from '@tensorflow/tfjs-core';
import { type Observable, Subject } from 'rxjs';
import { alerting } from './alerting.js';
import type { WeightKeeper } from './bestWeights.js';
import { checkGradient } from './checkGradient.js';
import { compose } from './compose.js';
import { type Drain, drain } from './drain.js';
import { epochMeasurements } from './epochMeasurements.js';
import { every } from './every.js';
import { failing } from './failing.js';
import { guarded } from './guarded.js';
import { type Innermost, innermost } from './innermost.js';
import { type Keeping, keeping } from './keeping.js';
import { openLedger } from './ledger.js';
import { checkNeeds, type Offers } from './needs.js';
import { openStep } from './openStep.js';
import { type PartState, restoreParts } from './partStates.js';
import { probe } from './probe.js';
import { publishing } from './publishing.js';
import { random } from './random.js';
import { selfReport } from './selfReport.js';
import type {
  Alert,
  AlertRule,
  Epoch,
  Failure,
  Gradient,
  GradientFn,
  Intervention,
  Measurement,
  Objective,
  Probe,
  RunInfo,
  Schedule,
  Sink,
  Step,
} from './types.js';
import { updates } from './updates.js';

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
  /** Runs what watches a step so that training does not notice; `draw` replaces every source of randomness. */
  unnoticed<T>(draw: () => number, watch: () => T): T;
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
export interface RunCore extends Streams {
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
  epoch(epoch: Epoch): void;
  /** @throws Error within a step, and after the end. */
  state(): Progress;
  /** Ends the streams, frees the interventions, flushes the sinks. Called again, gives the same promise. */
  end(): Promise<void>;
}

/**
 * Drives interventions, probes and sinks over the steps of one loop, from the start or from where another run was.
 *
 * @throws TypeError if a probe or an intervention needs what the loop does not offer, RangeError for an unknown layer;
 * Error if `from` is of other interventions.
 */
export function createRun(options: RunOptions, loop: Loop, from?: Progress): RunCore {
  const { interventions = [], metrics = [], sinks = [], alerts: rules = [], reports = every(1), seed = 0 } = options;
  interventions.forEach((intervention, i) => checkNeeds(`interventions[${i}]`, intervention.needs, loop.offers));
  for (const [metric] of metrics) checkNeeds(metric.name, metric.needs, loop.offers);

  const steps = new Subject<Step>();
  const epochs = new Subject<Epoch>();
  const measurements = new Subject<Measurement>();
  const alerts = new Subject<Alert>();
  const failures = new Subject<Failure>();
  const drains: Drain[] = [];
  const params = new Set<Variable>();
  let { step: index, epoch } = from ?? { step: 0, epoch: 0 };
  let stepping = false;
  let within: Innermost | undefined;
  let ended: Promise<void> | undefined;

  const failed = failing(failures, drains, () => index);
  const ledger = openLedger(loop.now, failed);
  const report = selfReport(ledger);
  const finding = alerting([...rules, ...loop.alerts], alerts, drains, failed);
  const tell = (measurement: Measurement): void => {
    measurements.next(measurement);
    finding.judge(measurement);
  };
  const out = publishing(tell, drains, () => index);
  const chain = compose(...interventions)((objective) => within!.gradient(objective));
  const weights = loop.weights ?? (() => [...params]);
  const kept = options.keep && keeping(options.keep, { measurements, weights, failed });
  if (from) resume(from, chain, kept);
  for (const sink of sinks) drains.push(drain(sink, loop.info, { failed }));
  for (const [metric, schedule] of metrics) steps.pipe(probe(metric, schedule)).subscribe(out.publish);

  const optimizer = updates(chain, failed);
  const watched = (): boolean => steps.observed || measurements.observed || drains.length > 0 || rules.length > 0;
  const show = (objective: Objective, applied: Gradient, evaluations: number): void => {
    const draw = random(seed, index);
    const plain = (): Gradient => within!.plain();
    loop.unnoticed(draw, () => {
      const { step, end } = openStep({ index, epoch, objective, applied, plain, random: draw, ledger });
      try {
        steps.next(step);
        if (reports.due(index, loop.now())) report.of(index, applied, evaluations).forEach(out.publish);
      } catch (error) {
        failed('run', error);
      } finally {
        end();
      }
    });
    out.flush();
  };

  return {
    steps: guarded(steps.asObservable(), 'steps', failed),
    epochs: guarded(epochs.asObservable(), 'epochs', failed),
    measurements: guarded(measurements.asObservable(), 'measurements', failed),
    alerts: guarded(alerts.asObservable(), 'alerts', failed),
    failures: guarded(failures.asObservable(), 'failures', failed),
    active: () => !ended && (interventions.length > 0 || options.seed !== undefined || watched()),
    take(objectiveAt, compute) {
      if (stepping) throw new Error(`a step cannot begin within step ${index}: train after it, not in a subscriber`);
      stepping = true;
      try {
        return tidy(() => {
          report.begin();
          const objective = objectiveAt(index);
          objective.params.forEach((p) => params.add(p));
          within = innermost(objective, compute, ledger);
          const before = ledger.evaluations();
          const applied = checkGradient(chain(objective));
          if (watched()) ledger.watching(() => show(objective, applied, ledger.evaluations() - before));
          optimizer.expect(index++, objective.params);
          return { loss: applied.loss, grads: applied.grads };
        });
      } finally {
        stepping = false;
      }
    },
    pass() {
      index++;
    },
    updates: optimizer.wrapped,
    apply: (apply, learningRate) => (ended ? apply() : optimizer.apply(apply, learningRate)),
    epoch(finished) {
      // Stopped in its midst: the sinks are closed.
      if (ended) return;
      epoch = finished.index + 1;
      epochMeasurements(finished, Math.max(0, index - 1)).forEach(out.publish);
      out.flush();
      epochs.next(finished);
    },
    state() {
      if (ended) throw new Error('run.state: the run has stopped; take its state before stop()');
      if (stepping) throw new Error('run.state: a step is under way; take the state between steps, as in onBatchEnd');
      const parts = (chain.state?.() ?? []) as PartState[];
      return { step: index, epoch, interventions: parts, keep: kept?.state() ?? null };
    },
    end() {
      ended ??= (async () => {
        // Stopped within a step: the optimizer has yet to move the weights, and the chain is in use.
        if (stepping) await undefined;
        kept?.end();
        chain.dispose?.();
        out.flush();
        await Promise.all(drains.map((d) => d.close()));
        finding.end();
        for (const stream of [steps, epochs, measurements, alerts, failures]) stream.complete();
      })();
      return ended;
    },
  };
}

/** @throws Error if `from` is of other interventions than those of the chain, which is freed then, or of another keeper. */
function resume({ interventions, keep }: Progress, chain: GradientFn, kept: Keeping | undefined): void {
  try {
    if (chain.restore) chain.restore(interventions);
    else restoreParts([], interventions);
    if (keep) kept?.restore(keep);
  } catch (error) {
    chain.dispose?.();
    throw error;
  }
}
