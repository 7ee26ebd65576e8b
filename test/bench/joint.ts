import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { type ExtremesAndTraces, extremesAndTraces } from '../../src/curvature/extremesAndTraces.js';

/** Of the larger of |tr H| and tr G: to which all three traces are to be known. */
const PRECISION = 0.03;

/**
 * λ_max and λ_min to 1 %, tr H, tr G and tr NME to 3 %, from the record on.
 *
 * @throws Error if one of them was not reached.
 */
export function joint(objective: Objective): ExtremesAndTraces {
  const curvature = curvatureOf(objective);
  const found = extremesAndTraces(curvature, {
    random: random(1),
    tolerance: 0.01,
    until: 'error',
    standardError: PRECISION,
    maxSamples: 1000,
  });
  curvature.dispose();
  const { top, bottom, traces } = found;
  const error = Math.max(...Object.values(traces).map((trace) => trace.standardError));
  if (top.converged && bottom.converged && error <= allowedError(found)) return found;
  throw new Error(
    `bench: the joint measurement did not converge: ${JSON.stringify({ traces, samples: found.samples })}`,
  );
}

/** The standard error that is asked for, of these traces. */
export const allowedError = ({ traces: { hessian, gaussNewton } }: ExtremesAndTraces): number =>
  PRECISION * Math.max(Math.abs(hessian.value), gaussNewton.value);
