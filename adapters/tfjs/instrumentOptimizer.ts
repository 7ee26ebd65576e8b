import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import type { Offers } from '../../src/core/needs.js';
import { claim } from './claim.js';
import { handWritten } from './handWritten.js';
import { openLoop } from './openLoop.js';
import { openRun } from './openRun.js';
import { optimizerSettings } from './optimizerSettings.js';
import { checkedAtFirstUpdate } from './optimizerState.js';
import { override } from './override.js';
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
  return openRun(options, loop, resumable, claim([optimizer]), (core) => {
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
    return {
      hand,
      restore() {
        restore();
        wrapped.forEach((back) => back());
        unchecked?.();
      },
    };
  });
}

function offersOf(offered: NonNullable<InstrumentOptions['offers']>): Offers {
  return {
    outputs: offered.includes('outputs'),
    batch: offered.includes('batch'),
    features: offered.includes('features'),
    activations: offered.includes('activations'),
    loop: 'optimizer.minimize(() => loss)',
    remedy:
      'instrument the model instead, or train with run.minimize and say what it gets: ' +
      "instrument(optimizer, { offers: ['outputs', 'batch', 'features', 'activations'] })",
  };
}
