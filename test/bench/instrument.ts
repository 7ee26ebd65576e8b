import { type Scalar, scalar, square, train, variable } from '@tensorflow/tfjs-core';
import { instrument as instrumented } from '../../adapters/tfjs/instrument.js';
import type { InstrumentOptions } from '../../adapters/tfjs/types.js';
import type { Schedule } from '../../src/core/watching.js';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';
import { instrumentMail } from './instrumentMail.js';
import { instrumentSam } from './instrumentSam.js';
import { differences, pairs } from './pairs.js';
import { type Median, median, type Row, row } from './row.js';

/**
 * What the wrapper costs when it does nothing, and what SAM costs against a plain step.
 *
 * SAM comes first, as in a program that trains with it: after the other rows, in the same process, the convnet has read
 * up to 2.13 instead of 2.06.
 */
export function instrument(): Row[] {
  return [...instrumentSam(), ...instrumentMail(), emptyWrapper(), nothingDue(), probeNotDue()];
}

function emptyWrapper(): Row {
  return row('empty wrapper, a step', 'µs', extra(scalarLoop(), scalarLoop({})), 30);
}

/** A step that goes through the run and reaches nobody. */
function nothingDue(): Row {
  return row('active run with one sink, nothing due, a step', 'µs', extra(scalarLoop(), scalarLoop(idle())));
}

function probeNotDue(): Row {
  const metrics = Array.from({ length: PROBES }, () => [gradientNorm(), never] as const);
  const each = extra(scalarLoop(idle()), scalarLoop({ ...idle(), metrics }), PROBES);
  return row('probe that is not due, a step', 'µs', each, 5);
}

const PROBES = 10;
const never: Schedule = { due: () => false };
const idle = (): InstrumentOptions => ({ sinks: [{ name: 'idle', write() {} }], reports: never });

/** A step so small that what is around it shows: one scalar, gradient descent. */
function scalarLoop(options?: InstrumentOptions): () => void {
  const w = variable(scalar(1));
  const optimizer = train.sgd(0.1);
  if (options) instrumented(optimizer, options);
  return () => void optimizer.minimize(() => square(w) as Scalar, false, [w]);
}

/** Microseconds that one step takes longer than the other, shared by `parts`. */
function extra(base: () => void, other: () => void, parts = 1): Median {
  return median(differences(pairs(5000, base, other)).map((ms) => (1000 * ms) / parts));
}
