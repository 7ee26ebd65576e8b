import { dispose, split, type Tensor2D, tidy, train } from '@tensorflow/tfjs-core';
import { between } from '../../../../src/core/between.js';
import type { Sink } from '../../../../src/core/watching.js';
import { sam } from '../../../../src/interventions/sam.js';
import { sometimes } from '../../../../src/interventions/sometimes.js';
import { featurePresets } from '../../../../src/metrics/featurePresets.js';
import { featureRank } from '../../../../src/metrics/featureRank.js';
import { unitActivity } from '../../../../src/metrics/unitActivity.js';
import { memory } from '../../../exporters/memory.js';
import { instrument } from '../../../tfjs/instrument.js';
import type { Examples } from './examples.js';
import { errorOf, HIDDEN, type Student } from './student.js';

/** How a student is trained. */
export interface FitOptions {
  /** Of SAM, which is on in the first half of the steps; 0 is gradient descent alone. */
  readonly rho: number;
  readonly steps: number;
  /** Chooses the example of each step. */
  readonly draw: () => number;
  readonly sinks: readonly Sink[];
}

const LEARNING_RATE = 0.1;

/** Trains on one example a step, drawn with replacement; returns what the probes tell of the hidden layer after the last. */
export async function fitStudent(
  student: Student,
  seen: Examples,
  { rho, steps, draw, sinks }: FitOptions,
): Promise<(quantity: string) => number> {
  const optimizer = train.sgd(LEARNING_RATE);
  const watched = sinks.length > 0;
  const due = { due: (step: number): boolean => step === steps || (watched && step % 50 === 0) };
  const on = { layers: [HIDDEN], on: seen };
  const told = memory();
  const run = instrument(optimizer, {
    interventions: rho > 0 ? [sometimes(between(0, steps / 2), sam({ rho }))] : [],
    metrics: [
      [featureRank({ ...featurePresets.twoLayer.rank, ...on }), due],
      [unitActivity({ ...featurePresets.twoLayer.units, ...on }), due],
    ],
    sinks: [...sinks, told],
    reports: due,
    offers: ['batch', 'features'],
  });
  const examples = oneByOne(seen);
  try {
    for (let step = 0; step < steps; step++) {
      const one = examples[Math.floor(draw() * examples.length)]!;
      run.minimize(errorOf(student, one)).dispose();
    }
    // A step that is looked at and not taken.
    const { value, grads } = run.gradients(errorOf(student, seen));
    dispose([value, grads]);
  } finally {
    await run.stop();
    optimizer.dispose();
    dispose(examples.map(({ x, y }) => [x, y]));
  }
  for (const { error } of told.failures) throw error;
  return (quantity) => told.values(quantity).at(-1)!;
}

/** The mean of (f(x) − y)². */
export const errorOn = (student: Student, examples: Examples): number =>
  tidy(() => errorOf(student, examples).loss().dataSync()[0]!);

function oneByOne({ x, y }: Examples): Examples[] {
  const [xs, ys] = [x, y].map((t): Tensor2D[] => split(t, t.shape[0]));
  return xs!.map((one, i) => ({ x: one, y: ys![i]! }));
}
