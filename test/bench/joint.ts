import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { hutchinson, type Traces } from '../../src/curvature/hutchinson.js';
import { lanczos } from '../../src/curvature/lanczos.js';
import type { Operator } from '../../src/curvature/operator.js';

/** λ_max, λ_min, tr H, tr G and tr NME, all of one record. */
export interface Joint {
  /** To which the three traces are known: 3 % of the larger of |tr H| and tr G. */
  readonly standardError: number;
  /** Directions it takes. */
  readonly samples: number;
  measure(): void;
}

const PRECISION = 0.03;
const TRIAL = 20;

/** Finds by a trial how many directions the traces need; the measurement itself then takes so many. */
export function joint(objective: Objective): Joint {
  const trial = estimate(objective, TRIAL);
  const { hessian, gaussNewton } = trial;
  const standardError = PRECISION * Math.max(Math.abs(hessian.trace.value), gaussNewton.trace.value);
  const worst = Math.max(...Object.values(trial).map(({ trace }) => trace.standardError));
  const samples = Math.max(2, Math.ceil(TRIAL * (worst / standardError) ** 2));
  return { standardError, samples, measure: () => void estimate(objective, samples) };
}

function estimate(objective: Objective, samples: number): Record<'hessian' | 'gaussNewton' | 'nme', Traces> {
  const { hessian, parts, dimension, dispose } = curvatureOf(objective);
  const stream = random(1);
  for (const operator of [hessian, negative(hessian)]) lanczos(operator, { random: stream, tolerance: 0.01 });
  const traces = hutchinson((v) => parts!.split.apply(v), { dimension, samples, random: stream });
  dispose();
  return traces;
}

const negative = (operator: Operator): Operator => ({ ...operator, apply: (v) => operator.apply(v).map((x) => -x) });
