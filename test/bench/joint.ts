import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { type ExtremesAndTraces, extremesAndTraces } from '../../src/curvature/extremesAndTraces.js';

/** λ_max, λ_min, tr H, tr G and tr NME, all of one record. */
export interface Joint {
  /** To which the three traces are known: 3 % of the larger of |tr H| and tr G. */
  readonly standardError: number;
  /** Directions it takes. */
  readonly samples: number;
  measure(): void;
}

const PRECISION = 0.03;

/** Draws directions until the traces are known so well; each measurement draws the same. */
export function joint(objective: Objective): Joint {
  const { traces, samples } = measured(objective);
  const { hessian, gaussNewton } = traces;
  const standardError = PRECISION * Math.max(Math.abs(hessian.value), gaussNewton.value);
  return { standardError, samples, measure: () => void measured(objective) };
}

function measured(objective: Objective): ExtremesAndTraces {
  const curvature = curvatureOf(objective);
  const found = extremesAndTraces(curvature, { random: random(1), standardError: PRECISION });
  curvature.dispose();
  return found;
}
