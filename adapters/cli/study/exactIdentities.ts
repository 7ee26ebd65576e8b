import { tidy } from '@tensorflow/tfjs-core';
import { random } from '../../../src/core/random.js';
import { criterion } from './criterion.js';
import type { Experiment } from './experiment.js';

/** How far off what holds exactly is, by its name, on what is drawn. */
export type Identities = Readonly<Record<string, (draw: () => number) => number>>;

/** An experiment of what holds whatever the seed and the size, to the rounding of float32: what is tried is the library. */
export function exactIdentities(told: Pick<Experiment, 'title' | 'claim'>, identities: Identities): Experiment {
  const names = Object.keys(identities);
  return {
    name: 'identities',
    ...told,
    quantities: [{ name: 'error', unit: '1' }],
    conditions: names.map((identity) => ({ identity })),
    measure: ({ identity }, { seed }) => ({ error: tidy(() => identities[identity!]!(random(seed))) }),
    judge: (findings) =>
      names.map((identity) =>
        criterion(identity, { value: Math.max(...findings.values('error', { identity })) }, '<=', 1e-5),
      ),
  };
}
