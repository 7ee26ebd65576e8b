import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import { createRun } from '../../src/core/createRun.js';
import type { Offers } from '../../src/core/needs.js';
import type { RunCore } from '../../src/core/run.js';
import { claim } from './claim.js';
import { handWritten } from './handWritten.js';
import { openLoop } from './openLoop.js';
import { optimizerSettings } from './optimizerSettings.js';
import { checkedAtFirstUpdate } from './optimizerState.js';
import { override } from './override.js';
import { runOf } from './runOf.js';
import { checkState, restoreState, takeState } from './runState.js';
import { seeding } from './seeding.js';
import type { InstrumentOptions, Run } from './types.js';
import { updating } from './updating.js';

/** Instruments every `minimize` of an optimizer, through the one method they all call. */
export function instrumentOptimizer(optimizer: Optimizer, options: InstrumentOptions): Run {
  const seeded = seeding(options.seed);
  const loop = {
    ...openLoop(options.name ?? optimizer.getClassName(), offersOf(options.offers ?? [])),
    optimizer: () => optimizerSettings(optimizer),
  };
  const { state } = options;
  const resumable = { seeded, optimizer: () => optimizer };
  if (state !== undefined) checkState(state, resumable);
  const release = claim([optimizer]);
  let opened: RunCore | undefined;
  try {
    const core = createRun(options, loop, state);
    opened = core;
    if (state) restoreState(state, resumable);
    const unchecked = state && checkedAtFirstUpdate(state.optimizer, optimizer);
    const compute = optimizer.computeGradients.bind(optimizer);
    const hand = handWritten(
      core,
      () => optimizer,
      () => compute,
      seeded,
      loop.offers,
    );
    const restore = override(optimizer, 'computeGradients', (f: () => Scalar, varList?: Variable[]) =>
      hand.step({ loss: f, ...(varList && { params: varList }) }),
    );
    const wrapped = updating(optimizer, core);
    const stateNow = () => takeState(core, resumable);
    return runOf(core, loop.info, hand, stateNow, () => {
      restore();
      wrapped.forEach((back) => back());
      unchecked?.();
      release();
    });
  } catch (error) {
    void opened?.end();
    release();
    throw error;
  }
}

function offersOf(offered: NonNullable<InstrumentOptions['offers']>): Offers {
  return {
    outputs: offered.includes('outputs'),
    batch: offered.includes('batch'),
    features: offered.includes('features'),
    activations: offered.includes('activations'),
    loop: 'optimizer.minimize(() => loss)',
    remedy:
      'instrument the model instead, or train with run.minimize({ outputs, outputLoss, batch, features, ' +
      "withActivations }) and say so: instrument(optimizer, { offers: ['outputs', 'batch', 'features', 'activations'] })",
  };
}
