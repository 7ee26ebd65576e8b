import type { Batch, Mode, Objective } from '../core/objective.js';
import type { Step } from '../core/watching.js';

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
  if (on && !objective.withBatch) {
    throw new TypeError(`${who}: this loop cannot be evaluated on another batch; leave out on, or give it withBatch`);
  }
  if (on) refuseDisposed(who, on);
  const there = on ? objective.withBatch!(on) : objective;
  return there.mode !== mode && there.withMode ? there.withMode(mode) : there;
}

/** Names the set that is measured on, by its tensors: what probes measure on one set they share, however they were given it. */
export const setOf = ({ on }: ProbeConditions): string =>
  on ? `batch of tensors ${[on.x, on.y].flat().map(({ id }) => id)}` : 'batch of the step';

/** @throws TypeError or RangeError if the mode is unknown, or the fixed set not made of tensors with as many inputs as targets. */
export function checkConditions(who: string, { on, mode = 'inference' }: ProbeConditions): void {
  if (mode !== 'training' && mode !== 'inference') {
    throw new RangeError(`${who}: mode must be 'training' or 'inference', got ${mode}`);
  }
  if (on === undefined) return;
  const [x, y] = [[on.x].flat(), [on.y].flat()];
  const tensors = [...x, ...y];
  if (tensors.some((t) => !t?.shape))
    throw new TypeError(`${who}: on must be { x, y } of tensors, got ${describe(on)}`);
  refuseDisposed(who, on);
  const sizes = new Set(tensors.map(({ shape }) => shape[0] ?? 0));
  if (sizes.size > 1 || sizes.has(0)) {
    const shapes = tensors.map(({ shape }) => `[${shape}]`).join(', ');
    throw new RangeError(`${who}: on must hold equally many inputs and targets, at least one, got shapes ${shapes}`);
  }
}

/** @throws Error at every measurement, since the caller may dispose of them at any time. */
function refuseDisposed(who: string, { x, y }: Batch): void {
  if ([x, y].flat().some(({ isDisposed }) => isDisposed)) {
    throw new Error(`${who}: on holds a tensor that is disposed of; keep it until the run has stopped`);
  }
}

const describe = (value: object): string => `{ ${Object.keys(value).join(', ')} }`;
