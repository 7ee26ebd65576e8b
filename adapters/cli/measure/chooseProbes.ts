import type { Batch } from '../../../src/core/objective.js';
import type { Probe } from '../../../src/core/watching.js';
import { featureRank } from '../../../src/metrics/featureRank.js';
import { gaussNewtonTrace } from '../../../src/metrics/gaussNewtonTrace.js';
import { gradientNorm } from '../../../src/metrics/gradientNorm.js';
import { hessianTrace } from '../../../src/metrics/hessianTrace.js';
import { nmeNorm } from '../../../src/metrics/nmeNorm.js';
import { nmeTrace } from '../../../src/metrics/nmeTrace.js';
import { samSharpness } from '../../../src/metrics/samSharpness.js';
import { topEigenvalue } from '../../../src/metrics/topEigenvalue.js';
import type { MeasureRequest } from './measureOptions.js';

/** The probes that were asked for, and the names they are to tell. */
export interface Chosen {
  readonly probes: readonly Probe[];
  readonly names: ReadonlySet<string>;
}

/** Every probe that can measure a model outside of training, in the order of the table. */
function allProbes({ mode, samples, tolerance, rho }: MeasureRequest, ranked: Batch): readonly Probe[] {
  const conditions = { mode };
  const search = { ...conditions, tolerance };
  const traces = { ...conditions, samples };
  const ranks = { ...conditions, on: ranked };
  return [
    gradientNorm(),
    samSharpness({ ...conditions, rho }),
    topEigenvalue(search),
    hessianTrace(traces),
    gaussNewtonTrace(traces),
    nmeTrace(traces),
    nmeNorm(traces),
    featureRank(ranks),
  ];
}

/**
 * The probes for what `--metrics` asks: names of measurements, or families such as `hessian`, with commas between; all of
 * them where it is left out.
 *
 * @param ranked what ranks are measured on.
 * @throws Error for a name that no probe measures, with those there are.
 */
export function chooseProbes(request: MeasureRequest, ranked: Batch): Chosen {
  const probes = allProbes(request, ranked);
  const known = [...new Set(probes.flatMap(namesOf))];
  const asked = request.metrics?.split(',').map((name) => name.trim()) ?? [''];
  const names = new Set(asked.flatMap((name) => matching(name, known)));
  return { names, probes: probes.filter((probe) => namesOf(probe).some((name) => names.has(name))) };
}

/** What a probe measures, without what it says of the measuring. */
const namesOf = ({ measures }: Probe): string[] =>
  measures.map(({ name }) => name).filter((name) => !/_residual$|self_check$/.test(name));

function matching(asked: string, known: readonly string[]): string[] {
  const found = known.filter((name) => asked === '' || name === asked || name.startsWith(`${asked}.`));
  if (found.length > 0) return found;
  throw new Error(`--metrics: there is no measurement '${asked}'; there are ${known.join(', ')}`);
}
