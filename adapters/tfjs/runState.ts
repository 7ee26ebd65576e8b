import type { Optimizer, Variable } from '@tensorflow/tfjs-core';
import type { Progress, RunCore } from '../../src/core/run.js';
import {
  checkOptimizer,
  checkShapes,
  type OptimizerState,
  optimizerState,
  restoreOptimizer,
} from './optimizerState.js';
import type { Seeding, SeedState } from './seeding.js';

/** Of the layout below. One that means something else gets another number. */
const VERSION = 1;

/**
 * All that a run needs to go on where it was, as plain values: `JSON.stringify` writes it, `JSON.parse` reads it back.
 *
 * The weights of the model are not in it: tfjs saves them, by `model.save` or `getWeights`, and batch normalization's
 * averages with them. What tfjs saves of an optimizer is not enough (Adamax throws, Adam's powers of β come back rounded),
 * so the optimizer is in it. Numbers are exact: tensors are base64 of their bytes.
 */
export type RunState = Progress & {
  readonly version: number;
  /** The seed of the run, and how far its stream is. */
  readonly random: SeedState | null;
  readonly optimizer: OptimizerState;
  /** Shapes of all weights of the model; `null` where a loop shows its parameters step by step. */
  readonly weights: readonly (readonly number[])[] | null;
};

/** What a run's state is taken from, and put into, beside the run itself. */
export interface Resumable {
  optimizer(): Optimizer;
  readonly seeded: Seeding;
  /** All weights, where they are known ahead of the steps. */
  readonly weights?: (() => readonly Variable[]) | undefined;
}

/** Takes the state. It costs a copy of the optimizer's slots; no tensor is made, nothing changes. */
export function takeState(core: RunCore, { optimizer, seeded, weights }: Resumable): RunState {
  return {
    version: VERSION,
    ...core.state(),
    random: seeded.state(),
    optimizer: optimizerState(optimizer()),
    weights: weights ? shapesOf(weights()) : null,
  };
}

/**
 * Holds a state against the run that is to go on from it, before anything is changed.
 *
 * @throws TypeError if it is no state; Error if it is of another version, optimizer or seed; RangeError if it is of weights
 * of other shapes.
 */
export function checkState(state: RunState, { optimizer, seeded, weights }: Resumable): void {
  if (typeof state?.version !== 'number') {
    const got = typeof state === 'string' ? 'a string; JSON.parse it first' : String(state);
    throw new TypeError(`instrument: state must be what run.state() gave, got ${got}`);
  }
  if (state.version !== VERSION) {
    throw new Error(
      `instrument: the state is of version ${state.version}, this sharpstream reads version ${VERSION}; ` +
        'use the one that took it',
    );
  }
  checkOptimizer(state.optimizer, optimizer());
  seeded.check(state.random);
  if (state.weights && weights) checkShapes(state.weights, shapesOf(weights()));
}

/** Puts a state that was checked into optimizer and random stream; the run itself begins from it. */
export function restoreState(state: RunState, { optimizer, seeded }: Resumable): void {
  restoreOptimizer(state.optimizer, optimizer());
  if (state.random) seeded.restore(state.random);
}

const shapesOf = (weights: readonly Variable[]): number[][] => weights.map(({ shape }) => [...shape]);
