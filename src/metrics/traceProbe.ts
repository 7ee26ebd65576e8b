import { checkOneOf } from '../core/checkOneOf.js';
import type { Probe } from '../core/watching.js';
import { type SampledTarget, type SamplingOptions, sampledProbe } from './sampledProbe.js';
import type { BlocksBy, Traced } from './stepTraces.js';

/** What a probe of a trace takes. */
export interface TraceOptions extends SamplingOptions {
  /** Measures, in place of the whole, the block on the diagonal of each layer, or of each parameter; at no further cost. */
  readonly by?: BlocksBy;
}

/** A probe of the trace of an operator, or of the traces of its blocks, which the attribute `layer` or `parameter` names. */
export function traceProbe(probe: string, quantity: string, of: Traced, { by, ...options }: TraceOptions): Probe {
  if (by !== undefined) checkOneOf(`${probe}: by`, by, ['layer', 'parameter'], 'leave it out for the whole');
  const read: SampledTarget['read'] = (traces) =>
    by ? [...traces.blocks(of, by)].map(([block, trace]) => [trace, { [by]: block }]) : [[traces[of]!.trace, {}]];
  return sampledProbe(probe, { quantity, needsOutputs: of !== 'hessian', read }, options);
}
