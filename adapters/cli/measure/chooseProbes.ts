import type { Batch } from '../../../src/core/objective.js';
import type { Probe } from '../../../src/core/watching.js';
import { bottomEigenvalue } from '../../../src/metrics/bottomEigenvalue.js';
import { featureRank } from '../../../src/metrics/featureRank.js';
import { gaussNewtonTopEigenvalue } from '../../../src/metrics/gaussNewtonTopEigenvalue.js';
import { gaussNewtonTrace } from '../../../src/metrics/gaussNewtonTrace.js';
import { gradientNorm } from '../../../src/metrics/gradientNorm.js';
import { gramRank } from '../../../src/metrics/gramRank.js';
import { hessianSpectralDensity } from '../../../src/metrics/hessianSpectralDensity.js';
import { hessianTrace } from '../../../src/metrics/hessianTrace.js';
import { nmeAlongGradient } from '../../../src/metrics/nmeAlongGradient.js';
import { nmeNorm } from '../../../src/metrics/nmeNorm.js';
import { nmeShare } from '../../../src/metrics/nmeShare.js';
import { nmeTrace } from '../../../src/metrics/nmeTrace.js';
import { penaltyTopEigenvalue } from '../../../src/metrics/penaltyTopEigenvalue.js';
import { penaltyTrace } from '../../../src/metrics/penaltyTrace.js';
import { rayleighGradient } from '../../../src/metrics/rayleighGradient.js';
import { samSharpness } from '../../../src/metrics/samSharpness.js';
import { secondDerivativeDensity } from '../../../src/metrics/secondDerivativeDensity.js';
import { topEigenvalue } from '../../../src/metrics/topEigenvalue.js';
import { unitActivity } from '../../../src/metrics/unitActivity.js';
import { weightRank } from '../../../src/metrics/weightRank.js';
import { lossProbe } from './lossProbe.js';
import type { MeasureRequest } from './measureOptions.js';

/** The probes that were asked for, and the names they are to tell. */
export interface Chosen {
  readonly probes: readonly Probe[];
  readonly names: ReadonlySet<string>;
}

/** Every probe that can measure a model outside of training, in the order of the table. */
function allProbes(request: MeasureRequest, ranked: Batch): readonly Probe[] {
  const { mode, engine, samples, standardError, blocks, tolerance, maxProducts, rho } = request;
  const curvature = { mode, engine };
  const search = { ...curvature, tolerance, maxProducts };
  const traces = { ...curvature, samples, standardError };
  const inBlocks = blocks && { ...traces, by: blocks };
  const ranks = { mode, on: ranked };
  return [
    lossProbe,
    gradientNorm(),
    samSharpness({ mode, rho }),
    topEigenvalue(search),
    bottomEigenvalue(search),
    hessianTrace(traces),
    ...(inBlocks ? [hessianTrace(inBlocks)] : []),
    rayleighGradient(curvature),
    hessianSpectralDensity(curvature),
    gaussNewtonTopEigenvalue(search),
    gaussNewtonTrace(traces),
    ...(inBlocks ? [gaussNewtonTrace(inBlocks)] : []),
    nmeTrace(traces),
    ...(inBlocks ? [nmeTrace(inBlocks)] : []),
    nmeNorm(traces),
    nmeShare(traces),
    nmeAlongGradient(curvature),
    penaltyTopEigenvalue(search),
    penaltyTrace(traces),
    featureRank(ranks),
    unitActivity(ranks),
    secondDerivativeDensity(ranks),
    gramRank(ranks),
    weightRank(),
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
