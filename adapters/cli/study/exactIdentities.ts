import { tidy } from '@tensorflow/tfjs-core';
import { random } from '../../../src/core/random.js';
import { criterion } from './criterion.js';
import { crossed } from './crossed.js';
import type { Experiment } from './experiment.js';

/** How far off what holds exactly is, on what is drawn, from a stream of the seed or from others of it. */
export type Off = (draw: () => number, seed: number) => number;

/** By name: what holds to the rounding of float32, or to the bit. */
export type Identities = Readonly<Record<string, Off | { readonly toTheBit: Off }>>;

/** What rounds may be so far off. */
const ROUNDING = 1e-5;

/** An experiment of what holds whatever the seed and the size: what is tried is the library. */
export function exactIdentities(told: Pick<Experiment, 'title' | 'claim'>, identities: Identities): Experiment {
  const held = Object.entries(identities).map(([name, identity]) =>
    typeof identity === 'function'
      ? { name, off: identity, bound: ROUNDING }
      : { name, off: identity.toTheBit, bound: 0 },
  );
  return {
    name: 'identities',
    ...told,
    quantities: [{ name: 'error', unit: '1' }],
    conditions: crossed({ identity: held.map(({ name }) => name) }),
    measure({ identity }, { seed }) {
      const { off } = held.find(({ name }) => name === identity)!;
      return { error: tidy(() => off(random(seed), seed)) };
    },
    judge: (findings) =>
      held.map(({ name, bound }) => {
        const worst = Math.max(...findings.values('error', { identity: name }));
        return criterion(name, { value: worst }, '<=', bound);
      }),
  };
}
