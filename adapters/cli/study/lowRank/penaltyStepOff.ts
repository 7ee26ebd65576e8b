import { dispose, mul, type Scalar, type Tensor2D, tidy, train } from '@tensorflow/tfjs-core';
import { gradientPenalty } from '../../../../src/interventions/gradientPenalty.js';
import { instrument } from '../../../tfjs/instrument.js';
import { gaussian } from '../randomMatrix.js';
import type { Examples } from './examples.js';
import { errorOf, type Student, student } from './student.js';

const [D, UNITS, RHO, ETA] = [3, 8, 0.1, 0.05];

/**
 * How far a step of gradient descent on L + ρ ‖∇L‖, L = ½ (f(x) − y)² of one example, is from what it must do to the
 * pre-activations zⱼ = ⟨wⱼ, x⟩ of the units that are on; relative.
 *
 *     Δzⱼ = −η ‖x‖² (r (1 + ρ ‖∇f‖/|r|) aⱼ + ρ (|r|/‖∇f‖) ReLU(zⱼ)),  r = f(x) − y, x with the 1 of the bias
 *
 * The last term never pushes up: so units are switched off.
 */
export function penaltyStepOff(draw: () => number): number {
  const pupil = student(draw, D, UNITS, 1);
  const one: Examples = { x: gaussian(draw, [1, D], 1), y: gaussian(draw, [1, 1], 1) };
  const before = seenBy(pupil, one);
  const expected = expectedMoves(before);
  takeStep(pupil, one);
  const after = seenBy(pupil, one);
  dispose([one.x, one.y, pupil.w, pupil.a, pupil.c]);
  const moved = after.z.map((z, j) => z - before.z[j]!);
  const on = (_: number, j: number): boolean => before.z[j]! > 0;
  return size(moved.map((move, j) => move - expected[j]!).filter(on)) / size(expected.filter(on));
}

function takeStep(pupil: Student, one: Examples): void {
  const optimizer = train.sgd(ETA);
  const run = instrument(optimizer, { interventions: [gradientPenalty(RHO)] });
  const { loss, params } = errorOf(pupil, one);
  run.minimize({ params, loss: (): Scalar => mul(0.5, loss()) }).dispose();
  void run.stop();
  optimizer.dispose();
}

/** An example with its 1, the pre-activations, the weights above, and f(x) − y; as plain numbers. */
interface Seen {
  readonly x: readonly number[];
  readonly z: readonly number[];
  readonly a: readonly number[];
  readonly r: number;
}

function seenBy({ w, a, c }: Student, one: Examples): Seen {
  const x = [...numbers(one.x), 1];
  const weights = tidy(() => w.arraySync());
  const z = weights[0]!.map((_, j) =>
    dot(
      x,
      weights.map((row) => row[j]!),
    ),
  );
  const above = numbers(a);
  const r = dot(z.map(relu), above) + numbers(c)[0]! - numbers(one.y)[0]!;
  return { x, z, a: above, r };
}

/** What the formula says; of units that are on. */
function expectedMoves({ x, z, a, r }: Seen): number[] {
  const xx = dot(x, x);
  const on = z.map((zj) => (zj > 0 ? 1 : 0));
  // Of c, of a and of W.
  const norm = Math.sqrt(
    1 +
      dot(z.map(relu), z.map(relu)) +
      xx *
        dot(
          on,
          a.map((aj) => aj * aj),
        ),
  );
  const pull = r * (1 + (RHO * norm) / Math.abs(r));
  const push = (RHO * Math.abs(r)) / norm;
  return z.map((zj, j) => -ETA * xx * (pull * a[j]! + push * relu(zj)));
}

const relu = (z: number): number => Math.max(0, z);
const numbers = (tensor: Tensor2D): number[] => [...tensor.dataSync<'float32'>()];
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const size = (v: readonly number[]): number => Math.sqrt(dot(v, v));
