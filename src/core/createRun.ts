import { tidy, type Variable } from '@tensorflow/tfjs-core';
import { Subject } from 'rxjs';
import { alerting } from './alerting.js';
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
import { checkNeeds } from './needs.js';
import type { GradientFn } from './objective.js';
import { type PartState, restoreParts } from './partStates.js';
import { probe } from './probe.js';
import { publishing } from './publishing.js';
import type { Loop, Progress, RunCore, RunOptions, Streams } from './run.js';
import { selfReport } from './selfReport.js';
import { showing } from './showing.js';
import { trying } from './trying.js';
import { updates } from './updates.js';
import type { Alert, Epoch, Failure, Measurement, Step } from './watching.js';

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

  const subjects = {
    steps: new Subject<Step>(),
    epochs: new Subject<Epoch>(),
    measurements: new Subject<Measurement>(),
    alerts: new Subject<Alert>(),
    failures: new Subject<Failure>(),
  };
  const { steps, epochs, measurements, alerts, failures } = subjects;
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
  const weights = loop.weights ?? (() => [...params].filter((p) => !p.isDisposed));
  const kept = options.keep && keeping(options.keep, { measurements, weights, failed });
  if (from) resume(from, chain, kept);
  for (const sink of sinks) drains.push(drain(sink, loop.info, { failed, within: loop.within }));
  for (const [metric, schedule] of metrics) steps.pipe(probe(metric, schedule)).subscribe(out.publish);

  const optimizer = updates(chain, failed);
  const tried = trying(loop.tryGradients, out.publish);
  const watched = (): boolean => steps.observed || measurements.observed || drains.length > 0 || rules.length > 0;
  const show = showing({ steps, reports, report, ledger, seed, publish: out.publish, unnoticed: loop.unnoticed });

  const streams = Object.fromEntries(
    Object.entries(subjects).map(([name, subject]) => [name, guarded(subject as Subject<unknown>, name, failed)]),
  ) as unknown as Streams;

  return {
    streams,
    active: () => !ended && (interventions.length > 0 || options.seed !== undefined || watched()),
    take(objectiveAt, compute) {
      if (stepping) throw new Error(`a step cannot begin within step ${index}: train after it, not in a subscriber`);
      stepping = true;
      try {
        return tidy(() => {
          report.begin();
          const objective = objectiveAt(index);
          if (options.keep) objective.params.forEach((p) => params.add(p));
          within = innermost(objective, watched() ? tried.once(compute) : compute, ledger);
          const before = ledger.evaluations();
          const applied = checkGradient(chain(objective));
          const evaluations = ledger.evaluations() - before;
          if (watched()) {
            ledger.watching(() => {
              tried.tell(index);
              const { plain } = within!;
              show({ index, epoch, objective, applied, plain, optimizer: loop.optimizer?.() }, evaluations);
              out.flush();
            });
          }
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
    beginEpoch(index) {
      epoch = index;
    },
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
        for (const subject of Object.values(subjects)) subject.complete();
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
