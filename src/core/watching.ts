import type { Variable } from '@tensorflow/tfjs-core';
import type { OperatorFunction } from 'rxjs';
import type { Needs } from './intervention.js';
import type { Batch, Gradient, Objective } from './objective.js';

/** When a thing is due. */
export interface Schedule {
  /** Asked once a step, with the 0-based number of the step; `now` in milliseconds, from those who have a clock. */
  due(step: number, now?: number): boolean;
  /** Told what was spent on the step that was due, in milliseconds. */
  spent?(ms: number): void;
  /** The first step at which it is due. Told where that depends on the step alone, and so is known at the start. */
  readonly first?: number | undefined;
}

/** Keeps account of what watching costs, and of what fails while watching. */
export interface Ledger {
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** Adds evaluations of the gradient, or work worth as many. */
  evaluated(gradients: number): void;
  /** Gradient evaluations so far. */
  evaluations(): number;
  /** Adds time spent in watching. */
  spent(ms: number): void;
  /** `off` says that the source is given up. */
  failed(source: string, error: unknown, off?: boolean): void;
}

/** What moves the weights, as far as it tells. */
export interface OptimizerSettings {
  /** The name of its class: 'SGD', 'Momentum', 'Adam'. */
  readonly kind: string;
  /** η, as it is at this step. */
  readonly learningRate: number;
  /** β, by which it multiplies its velocity at each step. */
  readonly momentum?: number | undefined;
  /** Whether the gradient counts as taken ahead, where the velocity leads. */
  readonly nesterov?: boolean | undefined;
}

/** One training step, shown before the optimizer applies it. Valid only while it is being emitted. */
export interface Step {
  readonly index: number;
  /** 0-based, as far as the loop tells; 0 in a hand-written loop. */
  readonly epoch: number;
  readonly params: readonly Variable[];
  readonly objective: Objective;
  /** L and ∇L at the weights w_t without interventions, on the step's own batch; made on demand, once. */
  plain(): Gradient;
  /** What the optimizer gets. */
  readonly applied: Gradient;
  /** Who applies it; `undefined` where the loop does not tell. */
  readonly optimizer?: OptimizerSettings | undefined;
  /** Uniform in [0, 1), from a stream that belongs to the probes: training does not notice. */
  random(): number;
  /** Makes a thing that several probes share, once a step; disposed of with the step if it has `dispose`. */
  once<T>(key: string, make: () => T): T;
  readonly ledger: Ledger;
}

/** What tells measurements of one name apart: the layer, the network, the mode. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Pairs (x, y), drawn as a scatter. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What a probe found. */
export interface Reading {
  /** One of the names the probe `measures`. */
  readonly name: string;
  readonly value: number | Points;
  readonly attributes?: Attributes;
  /** Of a random estimate. */
  readonly standardError?: number;
}

/** A quantity that can be measured: its name in the field, and its unit in UCUM. */
export interface Quantity {
  readonly name: string;
  readonly unit: string;
}

/** Watches training: a pure, synchronous function of a step. No tensor leaves it. */
export interface Probe {
  /** Names the probe in failures and in `probe.cost`. */
  readonly name: string;
  readonly measures: readonly Quantity[];
  readonly needs?: Needs;
  /** The fixed data it measures on, if not on the step's own batch. */
  readonly on?: Batch | undefined;
  /** Throwing is a failure of the probe, never of training. */
  measure(step: Step): readonly Reading[];
}

/** A number that has left training: plain values only. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly step: number;
  readonly value: number | Points;
  readonly attributes: Attributes;
  readonly standardError?: number;
  /** What measuring took: time, and work in gradient evaluations. */
  readonly cost?: { readonly ms: number; readonly gradients: number };
}

/** How much it matters: worth a look, or what follows cannot be trusted. */
export type Severity = 'warning' | 'critical';

/** What a rule says of measurements: once when something begins to be wrong, once when that has passed. */
export interface Alert {
  /** The rule's. One that watches several series raises an alert for each; the measurement tells which. */
  readonly id: string;
  readonly severity: Severity;
  readonly state: 'raised' | 'cleared';
  /** Both of the above in words, with the value and the step. */
  readonly message: string;
  /** The one that raised or cleared it. */
  readonly measurement: Measurement;
}

/** Finds in what is measured what somebody should know: any operator from measurements to alerts. */
export interface AlertRule extends OperatorFunction<Measurement, Alert> {
  /** Names the rule in failures; default is its place in the list. */
  readonly id?: string;
}

/** Something went wrong while watching, and training went on. */
export interface Failure {
  /** The name of the probe, rule or sink; of the stream, if a subscriber threw. */
  readonly source: string;
  readonly step: number;
  readonly error: Error;
  /** The source failed three times in a row and is switched off. */
  readonly off: boolean;
}

/** An epoch of `fit` has ended. */
export interface Epoch {
  /** 0-based. */
  readonly index: number;
  /** What `fit` logs: loss, metrics, and both on validation data with the prefix `val_`. */
  readonly logs: Readonly<Record<string, number>>;
}

/** The run a sink is fed by. */
export interface RunInfo {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** Takes measurements out of the process. `write` gets all that came since its last call ended; never two calls at once. */
export interface Sink {
  readonly name: string;
  /** A run begins to feed the sink; `failed` tells the run of a failure that comes later. */
  open?(run: RunInfo, failed: (error: unknown) => void): void;
  /** All that came since the last call ended, in order. A throw or a rejection is a failure of the sink. */
  write(batch: readonly Measurement[], run: RunInfo): void | Promise<void>;
  /** At once, whichever probe or sink it came from. */
  failure?(failure: Failure, run: RunInfo): void;
  /** At once, so ahead of the `write` that holds its measurement. */
  alert?(alert: Alert, run: RunInfo): void;
  /** The run has ended; what it wrote is to be flushed. */
  end?(run: RunInfo): void | Promise<void>;
  /** The last run has ended. Closing twice is fine. */
  close?(): void | Promise<void>;
}
