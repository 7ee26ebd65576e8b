import type { Probe, Step } from '../core/watching.js';
import { checkSamples, type Estimate, hutchinson, type Traces } from '../curvature/hutchinson.js';
import { checkConditions, type ProbeConditions } from './probedObjective.js';
import { checkedQuantities, type StepCurvature, selfCheckOnce, stepCurvature } from './stepCurvature.js';

export interface TraceOptions extends ProbeConditions {
  /** Random directions, at least 2; 'exact' takes as many products as there are parameters. Default 16. */
  readonly samples?: number | 'exact';
}

/** H alone where the loop offers no outputs; else H, G and NME of the same directions. */
export interface StepTraces {
  readonly hessian: Traces;
  readonly gaussNewton?: Traces;
  readonly nme?: Traces;
}

/** A probe that reads one number from the traces which all such probes of a step share. */
export function traceProbe(
  probe: string,
  quantity: string,
  read: (traces: StepTraces) => Estimate | undefined,
  { samples = 16, on, mode }: TraceOptions,
): Probe {
  const conditions = { on, mode };
  checkSamples(probe, samples);
  checkConditions(probe, conditions);
  return {
    name: probe,
    measures: [{ name: quantity, unit: '1' }, ...checkedQuantities],
    needs: { batch: on !== undefined },
    on,
    measure(step) {
      const shared = stepCurvature(step, probe, conditions);
      const checks = selfCheckOnce(step, shared);
      const estimate = read(stepTraces(step, shared, samples));
      if (!estimate) {
        throw new TypeError(
          `${probe} needs the outputs of the model and their loss; give the loop outputs and outputLoss`,
        );
      }
      const { value, standardError } = estimate;
      return [{ name: quantity, value, standardError, attributes: shared.attributes }, ...checks];
    },
  };
}

function stepTraces(step: Step, { key, curvature }: StepCurvature, samples: number | 'exact'): StepTraces {
  const { dimension, hessian, parts } = curvature;
  return step.once(`traces, ${samples} samples, ${key}`, () => {
    const { cost } = parts?.split ?? hessian;
    step.ledger.evaluated(cost * (samples === 'exact' ? dimension : samples));
    const options = { dimension, samples, random: step.random };
    return parts ? hutchinson(parts.split.apply, options) : hutchinson((v) => ({ hessian: hessian.apply(v) }), options);
  });
}
