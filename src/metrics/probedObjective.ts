import { checkOneOf } from '../core/checkOneOf.js';
import type { Batch, Mode, Objective } from '../core/objective.js';
import { required } from '../core/required.js';
import type { Step } from '../core/watching.js';
import { checkBatch, refuseDisposed } from './checkBatch.js';

/** Where and how a probe evaluates the network. */
export interface ProbeConditions {
  /** A fixed set to measure on; its tensors stay the caller's. Default: the batch of the step. */
  readonly on?: Batch | undefined;
  /** How dropout and batch normalization behave. Default 'inference'. A hand-written loop without modes measures as it is. */
  readonly mode?: Mode | undefined;
}

/** The objective of the step under a probe's conditions. The step's own where they ask for nothing else. */
export function probedObjective(
  { objective }: Step,
  who: string,
  { on, mode = 'inference' }: ProbeConditions,
): Objective {
  if (on) refuseDisposed(`${who}: on`, on);
  const there = on ? required(`${who} with on`, objective, 'withBatch').withBatch(on) : objective;
  return there.mode !== mode && there.withMode ? there.withMode(mode) : there;
}

/** Names the set that is measured on, by its tensors: what probes measure on one set they share, however they were given it. */
export const setOf = ({ on }: ProbeConditions): string =>
  on ? `batch of tensors ${[on.x, on.y].flat().map(({ id }) => id)}` : 'batch of the step';

/** @throws TypeError or RangeError if the mode is unknown, or the fixed set not made of tensors with as many inputs as targets. */
export function checkConditions(who: string, { on, mode = 'inference' }: ProbeConditions): void {
  checkOneOf(`${who}: mode`, mode, ['training', 'inference']);
  if (on !== undefined) checkBatch(`${who}: on`, on);
}
