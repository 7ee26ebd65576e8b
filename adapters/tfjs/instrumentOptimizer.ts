import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import type { Offers } from '../../src/core/needs.js';
import { createRun } from '../../src/core/run.js';
import { claim } from './claim.js';
import { handWritten } from './handWritten.js';
import { openLoop } from './openLoop.js';
import { override } from './override.js';
import { runOf } from './runOf.js';
import { seeding } from './seeding.js';
import type { InstrumentOptions, Run } from './types.js';
import { updating } from './updating.js';

/** Instruments every `minimize` of an optimizer, through the one method they all call. */
export function instrumentOptimizer(optimizer: Optimizer, options: InstrumentOptions): Run {
  const seeded = seeding(options.seed);
  const loop = openLoop(options.name ?? optimizer.getClassName(), offersOf(options.offers ?? []));
  const release = claim(optimizer);
  try {
    const core = createRun(options, loop);
    const compute = optimizer.computeGradients.bind(optimizer);
    const hand = handWritten(
      core,
      () => optimizer,
      () => compute,
      seeded,
      loop.offers,
    );
    const restore = override(optimizer, 'computeGradients', (f: () => Scalar, varList?: Variable[]) =>
      core.active() ? hand.step({ loss: f, ...(varList && { params: varList }) }) : compute(f, varList),
    );
    const wrapped = updating(optimizer, core);
    return runOf(core, loop.info, hand, () => {
      restore();
      wrapped.forEach((back) => back());
      release();
    });
  } catch (error) {
    release();
    throw error;
  }
}

function offersOf(offered: NonNullable<InstrumentOptions['offers']>): Offers {
  return {
    outputs: offered.includes('outputs'),
    batch: offered.includes('batch'),
    features: offered.includes('features'),
    loop: 'optimizer.minimize(() => loss)',
    remedy:
      'instrument the model instead, or train with run.minimize({ outputs, outputLoss, batch, features }) ' +
      "and say so: instrument(optimizer, { offers: ['outputs', 'batch', 'features'] })",
  };
}
