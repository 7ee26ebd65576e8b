import { gradient } from '../../src/core/gradient.js';
import { innermost } from '../../src/core/innermost.js';
import { type OpenLedger, openLedger } from '../../src/core/ledger.js';
import type { Gradient, Objective } from '../../src/core/objective.js';
import { openStep } from '../../src/core/openStep.js';
import { random } from '../../src/core/random.js';
import type { OptimizerSettings } from '../../src/core/watching.js';

/** A step of plain training on an objective, as a loop would show it; the ledger it writes to, which is the run's; and its end. */
export function stepOf(
  objective: Objective,
  seed = 1,
  ledger: OpenLedger = runLedger(),
  optimizer?: OptimizerSettings,
) {
  const { plain } = innermost(objective, gradient, ledger);
  const given = { index: objective.step, epoch: 0, objective, applied: ofNoConcern, optimizer, random: random(seed) };
  return { ledger, ...openStep({ ...given, plain, ledger }) };
}

/** A run as its probes know it. */
export const runLedger = (): OpenLedger => openLedger(() => 0, raise);

/** Probes measure at w_t without interventions: what the optimizer gets is of no concern to them. */
const ofNoConcern: Gradient = {
  get loss(): never {
    throw new Error('a probe looked at the gradient that is applied');
  },
  get grads(): never {
    throw new Error('a probe looked at the gradient that is applied');
  },
};

function raise(source: string, error: unknown): never {
  throw new Error(`${source} failed`, { cause: error });
}
