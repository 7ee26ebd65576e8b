import type { Attributes, Probe, Step } from '../core/watching.js';
import type { Curvature } from '../curvature/curvatureOf.js';
import type { Operator } from '../curvature/spectrum/operator.js';
import { checkLanczos } from '../curvature/spectrum/searchSpectrum.js';
import type { Hint } from '../curvature/towardsBothEnds.js';
import type { CurvatureConditions } from './curvatureConditions.js';
import { type CurvatureTarget, curvatureProbe } from './curvatureProbe.js';
import { type End, extremeEigenvalue } from './extremeEigenvalue.js';

/** What a probe of an eigenvalue takes. */
export interface EigenvalueOptions extends CurvatureConditions {
  /** Where the search stops, relative to the largest eigenvalue met. Default 0.01. */
  readonly tolerance?: number;
  /** What the tolerance holds: an estimate of the error, or the residual, a bound that takes more products. Default 'error'. */
  readonly until?: 'error' | 'residual';
  /** Products to stop at, whether or not the tolerance is met; of all that is looked for in one space. Default 60. */
  readonly maxProducts?: number;
}

/** One end of the spectrum of one operator, under the name it is published by. */
export interface EigenvalueTarget {
  readonly quantity: string;
  readonly end: End;
  /** Names the operator: probes of one step that ask for eigenvalues of it share the search. */
  readonly of: string;
  /** Whether it is of G, which takes the outputs of the model and their loss. */
  readonly needsOutputs?: boolean;
  /** `undefined` where there is none, and so nothing to measure. */
  operator(curvature: Curvature): Operator | undefined;
  /** Where the first search of a run starts. Default: the gradient, which leans towards the top. */
  hint?(curvature: Curvature): Hint;
  /** What is published, in place of the eigenvalue itself. Nothing is searched for where it is `undefined`. */
  scale?(step: Step): number | undefined;
}

const atGradient = ({ gradient }: Curvature): Hint => ({ direction: gradient, cost: 0 });

/** A probe that finds one eigenvalue, says by its residual how sure it is, and marks it where the products did not suffice. */
export function eigenvalueProbe(probe: string, target: EigenvalueTarget, options: EigenvalueOptions): Probe {
  const { on, mode, engine, until = 'error', ...limits } = checkLanczos(probe, options);
  const { quantity, needsOutputs, end, scale = () => 1, hint = atGradient } = target;
  const residualName = `${quantity}_residual`;
  const reading: CurvatureTarget['reading'] = (step, { curvature, key }) => {
    const operator = target.operator(curvature);
    if (!operator) return undefined;
    const search = {
      operator,
      of: `${target.of}, ${key}`,
      end,
      hint: () => hint(curvature),
      stop: { until, ...limits },
    };
    return () => {
      const { value, residual, converged } = extremeEigenvalue(step, search);
      const attributes: Attributes = converged ? {} : { converged };
      return [
        { name: quantity, value: scale(step)! * value, attributes },
        { name: residualName, value: residual / (Math.abs(value) || 1), attributes },
      ];
    };
  };
  const made = curvatureProbe(
    probe,
    { quantities: [quantity, residualName], needsOutputs, reading },
    { on, mode, engine },
  );
  return { ...made, measure: (step) => (scale(step) === undefined ? [] : made.measure(step)) };
}
