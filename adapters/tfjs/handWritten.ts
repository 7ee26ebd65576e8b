import { dispose, type NamedTensorMap, type Optimizer, type Scalar } from '@tensorflow/tfjs-core';
import type { Needs } from '../../src/core/intervention.js';
import type { Offers } from '../../src/core/needs.js';
import type { GradientFn } from '../../src/core/objective.js';
import type { RunCore } from '../../src/core/run.js';
import { loopObjective, lossOfOutputs } from './loopObjective.js';
import type { LoopObjective, Run } from './types.js';
import { learningRateOf } from './updating.js';

type ComputeGradients = Optimizer['computeGradients'];

/** What a hand-written loop calls, and one step of it. Where nothing is on, or the run has stopped, a step is the optimizer's own. */
export interface HandWritten extends Pick<Run, 'minimize' | 'gradients'> {
  step(objective: LoopObjective): { value: Scalar; grads: NamedTensorMap };
}

export function handWritten(
  core: RunCore,
  optimizer: () => Optimizer,
  compute: () => ComputeGradients,
  seeded: <T>(step: () => T) => T,
  offers: Offers,
): HandWritten {
  const step: HandWritten['step'] = (given) => {
    // With nothing to train, tfjs says so in its own words.
    if (!core.active() || given.params?.every(({ trainable }) => !trainable)) {
      core.pass();
      return compute()(given.loss ?? lossOfOutputs(given), given.params && [...given.params]);
    }
    const gradient = gradientOf(compute());
    const { loss, grads } = seeded(() => core.take((index) => loopObjective(given, index), gradient));
    return { value: loss, grads };
  };
  const gradients: HandWritten['gradients'] = (given) => {
    checkOffered(given, offers);
    return step(given);
  };
  return {
    step,
    gradients,
    minimize(given) {
      const { value, grads } = gradients(given);
      // In the order of the parameters, frozen ones included, by which an optimizer finds what it keeps of each.
      const ordered = given.params?.map(({ name }) => ({ name, tensor: grads[name]! })) ?? grads;
      core.apply(() => optimizer().applyGradients(ordered), learningRateOf(optimizer()));
      dispose(grads);
      return value;
    },
  };
}

/** The gradient as an optimizer computes it, so that one that overrides `computeGradients` keeps its say. */
export const gradientOf =
  (compute: ComputeGradients): GradientFn =>
  ({ loss, params }) => {
    const { value, grads } = compute(loss, [...params]);
    return { loss: value, grads };
  };

/** @throws TypeError if an objective lacks what the run was promised, since hooks rely on it. */
function checkOffered(given: LoopObjective, offers: Offers): void {
  for (const [offered, parts] of Object.entries(PARTS) as [keyof Needs, readonly (keyof LoopObjective)[]][]) {
    if (!offers[offered] || parts.every((part) => given[part])) continue;
    const what = parts.join(' and ');
    throw new TypeError(`run.minimize: the objective has no ${what}, which the run was made with; add it`);
  }
}

/** What an objective has of what a loop offers. */
const PARTS: Readonly<Record<keyof Needs, readonly (keyof LoopObjective)[]>> = {
  outputs: ['outputs', 'outputLoss'],
  batch: ['batch'],
  features: ['features'],
  activations: ['withActivations'],
};
