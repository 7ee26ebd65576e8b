import { betaGelu } from '../../../../src/activations/betaGelu.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Objective } from '../../../../src/core/objective.js';
import { gaussNewtonTracePenalty } from '../../../../src/interventions/gaussNewtonTracePenalty.js';
import { hessianTracePenalty } from '../../../../src/interventions/hessianTracePenalty.js';
import { weightNoise } from '../../../../src/interventions/weightNoise.js';
import { gaussNewtonTrace } from '../../../../src/metrics/gaussNewtonTrace.js';
import { hessianTrace } from '../../../../src/metrics/hessianTrace.js';
import { nmeTrace } from '../../../../src/metrics/nmeTrace.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import type { Condition, Experiment, Measured } from '../experiment.js';
import type { Findings } from '../findings.js';
import { measured } from './measured.js';
import { placeOf } from './placeOf.js';
import { ACCURACY, described, SEEN, type TrainingSize, trained } from './trained.js';

/** How large; with the variances σ² of the table: one where all methods are stable, one where H is not, and a large one. */
export interface TracesSize extends TrainingSize {
  readonly variances: readonly [small: number, middle: number, large: number];
}

export const TRACES_SIZE: TracesSize = {
  examples: 250,
  hidden: [64, 64],
  epochs: 20,
  batchSize: 50,
  variances: [0.01, 0.03, 0.1],
};

const TRACES = ['hessian.trace', 'gauss_newton.trace', 'nme.trace'] as const;
const NME = 'nme.trace';

/** What the optimizer gets in place of ∇L; v is a direction of random signs, ε of the normal distribution. */
const METHODS: Readonly<Record<string, (variance: number) => Intervention>> = {
  '∇L(w + σε)': (variance) => weightNoise({ stddev: Math.sqrt(variance) }),
  '∇(L + ½σ² vᵀHv)': (variance) => hessianTracePenalty(variance),
  '∇(L + ½σ² vᵀGv)': (variance) => gaussNewtonTracePenalty(variance),
};
const [NOISE, WHOLE, PART] = Object.keys(METHODS) as [string, string, string];
const PLAIN: Condition = { method: '∇L', variance: 0 };

/** At {@link TRACES_SIZE}, in the order of the conditions. */
const REFERENCE: Readonly<Record<string, readonly number[]>> = {
  [ACCURACY]: [0.843, 0.876, 0.807, 0.164, 0.877, 0.197, 0.878, 0.882, 0.782],
  [SEEN]: [0.831, 0.786, 0.71, 0.186, 0.794, 0.189, 0.802, 0.78, 0.702],
  'hessian.trace': [56.455, 20.553, 13.164, 0.954, 22.779, -577.8, 27.152, 18.264, 12.029],
  'gauss_newton.trace': [49.571, 19.177, 13.565, 3.606, 22.366, 40.242, 23.265, 15.775, 9.055],
  [NME]: [6.884, 1.376, -0.4, -2.652, 0.413, -618.043, 3.887, 2.489, 2.974],
};

/** Noise on the weights beside the penalties that it is said to amount to, of the trace of H and of that of G. */
export function traces(size: TracesSize): Experiment {
  const { variances } = size;
  const conditions: readonly Condition[] = [
    PLAIN,
    // Where H has failed at the middle variance, the large one tells no more of it, and takes its time.
    ...crossed({ method: Object.keys(METHODS), variance: variances }).filter(
      ({ method, variance }) => method !== WHOLE || variance !== variances.at(-1),
    ),
  ];
  return {
    name: 'traces',
    title: `${described(size)} Variance is σ²; traces are of all it was trained on, at the end, and left out where the loss is not finite.`,
    claim:
      'Noise on the weights penalises tr H, with what H has beside G. A penalty of tr H drives the trace below 0 and is unstable; ' +
      'one of tr G alone is stable, and good over a wide range of σ².',
    quantities: [ACCURACY, SEEN, ...TRACES].map((name) => ({ name, unit: '1' })),
    conditions,
    baseline: () => PLAIN,
    reference: (quantity, condition) =>
      size === TRACES_SIZE ? REFERENCE[quantity]?.[placeOf(condition, conditions)] : undefined,
    measure: ({ method, variance }, trial) =>
      trained(size, trial, {
        activation: betaGelu(),
        interventions: variance === 0 ? [] : [METHODS[method!]!(variance as number)],
        after: tracesOf,
      }),
    judge: (findings) => judge(findings, variances),
  };
}

/** The same directions for the three. */
function tracesOf(objective: Objective): Measured {
  if (!Number.isFinite(objective.loss().dataSync()[0])) return {};
  const found = measured(objective, [hessianTrace(), gaussNewtonTrace(), nmeTrace()]);
  return Object.fromEntries(TRACES.map((name) => [name, found[name]!]));
}

function judge(findings: Findings, [small, middle, large]: TracesSize['variances']): Criterion[] {
  const less = (quantity: string, method: string, from: string, variance: number) =>
    findings.difference(quantity, { method, variance }, { method: from, variance });
  const gain = findings.difference(ACCURACY, { method: PART, variance: middle }, PLAIN);
  const apart = less(ACCURACY, NOISE, WHOLE, small);
  return [
    criterion(`${ACCURACY} at σ² ${middle}: ${PART} less ${PLAIN.method}`, gain, '>', 0),
    criterion(
      `${ACCURACY} at σ² ${small}: ${NOISE} beside ${WHOLE}, apart`,
      { ...apart, value: Math.abs(apart.value) },
      '<=',
      0.03,
    ),
    criterion(`${NME} at σ² ${small}: ${WHOLE} less ${PART}`, less(NME, WHOLE, PART, small), '<', 0),
    criterion(`${ACCURACY} at σ² ${middle}: ${WHOLE} less ${PART}`, less(ACCURACY, WHOLE, PART, middle), '<=', -0.3),
    criterion(`${ACCURACY} at σ² ${large}: ${NOISE} less ${PART}`, less(ACCURACY, NOISE, PART, large), '<=', -0.3),
  ];
}
