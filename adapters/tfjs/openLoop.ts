import { wrongGradient } from '../../src/alerts/wrongGradient.js';
import type { Offers } from '../../src/core/needs.js';
import type { Loop } from '../../src/core/run.js';
import { tryGradients } from '../../src/curvature/checks/tryGradients.js';
import { within } from './within.js';
import { withRandom } from './withRandom.js';

/** The surroundings of a run: its identity, its clock, and the isolation of what watches. */
export function openLoop(name: string, offers: Offers): Loop {
  return {
    info: { id: crypto.randomUUID(), name, started: Date.now() },
    offers,
    alerts: [wrongGradient()],
    tryGradients,
    now: () => performance.now(),
    within,
    unnoticed: withRandom,
  };
}
