import { dispose } from '@tensorflow/tfjs-core';
import { random } from '../../../../src/core/random.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { estimate } from '../estimate.js';
import type { Condition, Experiment, Trial } from '../experiment.js';
import type { Findings } from '../findings.js';
import { errorOn, fitStudent } from './fitStudent.js';
import { leastFall } from './leastFall.js';
import { lesson } from './lesson.js';
import { student } from './student.js';

/** How large: a student of so many units, trained for so many steps. */
export interface TeacherStudentSize {
  readonly units: number;
  readonly steps: number;
  readonly rhos: readonly number[];
}

export const TEACHER_STUDENT_SIZE: TeacherStudentSize = { units: 100, steps: 2000, rhos: [0, 0.1, 0.2] };

const RANK = 'features.rank';
const ACTIVE = 'features.active_units';
const DISTINCT = 'features.distinct_units';
const SEEN_ERROR = 'train.error';
const UNSEEN_ERROR = 'test.error';
const EXAMPLES = 20;
const TEST_EXAMPLES = 1000;
const STDDEV = 0.3;

/** Of 40 seeds at {@link TEACHER_STUDENT_SIZE}, by ρ: the mean, and the standard deviation of one. */
const REFERENCE: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  [RANK]: [
    [17.77, 1.2],
    [16.8, 2.1],
    [13.95, 2.9],
  ],
  [ACTIVE]: [
    [63.62, 15],
    [50.85, 16],
    [39.08, 15],
  ],
  [DISTINCT]: [
    [61.6, 16],
    [47.1, 16],
    [31.57, 11],
  ],
};
const REFERENCE_SEEDS = 40;

/**
 * A student of many ReLU learns from few examples what a teacher of three says, one example a step: how many directions its
 * hidden layer fills and how many of its units are ever on, by ρ.
 */
export function teacherStudent(size: TeacherStudentSize): Experiment {
  const { units, steps, rhos } = size;
  return {
    name: 'teacher and student',
    title:
      `A student of ${units} ReLU learns from ${EXAMPLES} examples of a teacher of 3, by ${steps} steps of one example, ` +
      'SAM on in the first half; ranks at 99.99 % of the variance, not centred.',
    claim: 'The larger ρ, the fewer directions the features fill, for units are switched off for good.',
    quantities: [
      { name: RANK, unit: '{dimension}' },
      { name: ACTIVE, unit: '{unit}' },
      { name: DISTINCT, unit: '{unit}' },
      { name: SEEN_ERROR, unit: '1' },
      { name: UNSEEN_ERROR, unit: '1' },
    ],
    conditions: crossed({ rho: rhos }),
    baseline: () => ({ rho: rhos[0]! }),
    reference: (quantity, { rho }) =>
      size === TEACHER_STUDENT_SIZE ? REFERENCE[quantity]?.[rhos.indexOf(rho as number)]?.[0] : undefined,
    measure: ({ rho }, trial) => taught(rho as number, size, trial),
    judge: (findings) => judge(findings, rhos),
  };
}

async function taught(rho: number, { units, steps }: TeacherStudentSize, { seed, sinks }: Trial) {
  const { seen, unseen } = lesson(random(seed, 1), EXAMPLES, TEST_EXAMPLES);
  const pupil = student(random(seed, 2), seen.x.shape[1], units, STDDEV);
  const found = await fitStudent(pupil, seen, { rho, steps, draw: random(seed, 3), sinks });
  const values = {
    ...Object.fromEntries([RANK, ACTIVE, DISTINCT].map((name) => [name, found(name)])),
    [SEEN_ERROR]: errorOn(pupil, seen),
    [UNSEEN_ERROR]: errorOn(pupil, unseen),
  };
  dispose([seen.x, seen.y, unseen.x, unseen.y, pupil.w, pupil.a, pupil.c]);
  return values;
}

/** From the reference, in standard errors of the difference of two means. */
function farthestOff(at: (quantity: string, rho: number) => readonly number[], rhos: readonly number[]): number {
  const off = Object.entries(REFERENCE).flatMap(([quantity, known]) =>
    known.map(([mean, spread], i) => {
      const values = at(quantity, rhos[i]!);
      const error = spread * Math.sqrt(1 / values.length + 1 / REFERENCE_SEEDS);
      return Math.abs(estimate(values).value - mean) / error;
    }),
  );
  return Math.max(...off);
}

function judge(findings: Findings, rhos: readonly number[]): Criterion[] {
  const [none, most] = [rhos[0]!, rhos.at(-1)!];
  const at = (quantity: string, rho: number): readonly number[] => findings.values(quantity, { rho });
  const falls = at(RANK, none).map((rank, i) => rank - at(RANK, most)[i]!);
  const shares = at(ACTIVE, most).map((active, i) => active / at(ACTIVE, none)[i]!);
  const along: readonly Condition[] = rhos.map((rho) => ({ rho }));
  return [
    criterion(
      'ranks and units are those of NumPy: farthest off, in standard errors',
      { value: farthestOff(at, rhos) },
      '<=',
      4,
    ),
    criterion(
      `${RANK} is lower at ρ = ${most} than ${none} for every seed: least fall`,
      { value: Math.min(...falls) },
      '>',
      0,
    ),
    criterion(`${RANK} falls at each step of ρ, student: least fall`, leastFall(findings, RANK, along), '>', 0),
    criterion(`${ACTIVE} falls at each step of ρ, student: least fall`, leastFall(findings, ACTIVE, along), '>', 0),
    criterion(
      `${ACTIVE} at ρ = ${most} over that at ${none}, every seed: largest`,
      { value: Math.max(...shares) },
      '<=',
      0.8,
    ),
    criterion(`${ACTIVE} at ρ = ${most} over that at ${none}: mean`, estimate(shares), '<=', 0.6),
  ];
}
