import type { Quantity, Sink } from '../../../src/core/watching.js';
import type { Criterion } from './criterion.js';
import type { Findings } from './findings.js';

/** What is varied: a value of each factor, such as `{ rank: 5, depth: 4 }`. */
export type Condition = Readonly<Record<string, number | string>>;

/** What one measurement is given. */
export interface Trial {
  /** What is drawn from it alike under two conditions is shared by them, and their difference is paired. */
  readonly seed: number;
  /** Where training streams to while it runs; its curves carry the condition. */
  readonly sinks: readonly Sink[];
}

/** Values by the name of the quantity. */
export type Measured = Readonly<Record<string, number>>;

/** One question of a study: what is varied, what is measured, and what must come out. */
export interface Experiment {
  readonly name: string;
  /** What is done, in a sentence. */
  readonly title: string;
  /** What the paper says of it. */
  readonly claim: string;
  /** What a trial may give; a condition may leave some out. */
  readonly quantities: readonly Quantity[];
  readonly conditions: readonly Condition[];
  /** The condition that another is compared with, seed by seed. */
  readonly baseline?: (condition: Condition) => Condition;
  /** A number from elsewhere that stands beside the mean. */
  readonly reference?: (quantity: string, condition: Condition) => number | undefined;
  /** One run under one condition. */
  readonly measure: (condition: Condition, trial: Trial) => Measured | Promise<Measured>;
  readonly judge: (findings: Findings) => readonly Criterion[];
}

/** A paper's finding as experiments that can fail. */
export interface Study {
  readonly name: string;
  readonly paper: string;
  readonly claim: string;
  /** How many, if nobody says. */
  readonly seeds: number;
  /** What holds for any seed and size, to rounding. */
  readonly identities: readonly Experiment[];
  /** What is compared over seeds; `quick` is a size that only shows that it runs. */
  readonly experiments: (quick: boolean) => readonly Experiment[];
  /** Where the numbers of `reference` come from. */
  readonly reference: string;
  /** What of the paper is not tried here, and why. */
  readonly leaves: readonly string[];
}
