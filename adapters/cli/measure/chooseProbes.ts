import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from '../../../src/core/objective.js';
import { rowsOf } from '../../../src/core/rowsOf.js';
import type { Probe } from '../../../src/core/watching.js';
import { bottomEigenvalue } from '../../../src/metrics/bottomEigenvalue.js';
import { featureRank } from '../../../src/metrics/featureRank.js';
import { featureSingularValues } from '../../../src/metrics/featureSingularValues.js';
import { gaussNewtonTopEigenvalue } from '../../../src/metrics/gaussNewtonTopEigenvalue.js';
import { gaussNewtonTrace } from '../../../src/metrics/gaussNewtonTrace.js';
import { gradientNorm } from '../../../src/metrics/gradientNorm.js';
import { gramRank } from '../../../src/metrics/gramRank.js';
import { hessianSpectralDensity } from '../../../src/metrics/hessianSpectralDensity.js';
import { hessianTrace } from '../../../src/metrics/hessianTrace.js';
import { knnError } from '../../../src/metrics/knnError.js';
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
import type { NamedLoss } from './lossFunctions.js';
import { lossProbe } from './lossProbe.js';
import type { MeasureRequest } from './measureOptions.js';

/** The probes that were asked for, and the names they are to tell. */
export interface Chosen {
  readonly probes: readonly Probe[];
  readonly names: ReadonlySet<string>;
}

/** Every probe that can measure any model outside of training, in the order of the table. */
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
    featureSingularValues(ranks),
    unitActivity(ranks),
    secondDerivativeDensity(ranks),
    gramRank(ranks),
    weightRank(),
  ];
}

/**
 * The probes for what `--metrics` asks: names of measurements, or families such as `hessian`, with commas between. Where it
 * is left out, all of them; `knn.error` where each example is of one class, and there are more of them than neighbours.
 *
 * @param ranked what ranks are measured on.
 * @throws Error for a name that no probe measures, with those there are; RangeError if neighbours are asked for and the
 *   examples are not more.
 */
export function chooseProbes(request: MeasureRequest, ranked: Batch, losses: readonly NamedLoss[]): Chosen {
  const asked = request.metrics?.split(',').map((name) => name.trim()) ?? [''];
  const { mode, neighbours: k } = request;
  const wanted = asked.some((name) => name !== '' && matches(NEIGHBOURS, name));
  const near = wanted || (ofOneClass(losses, ranked) && rowsOf(ranked) > k) ? [knnError({ mode, on: ranked, k })] : [];
  const probes = [...allProbes(request, ranked), ...near];
  const known = [...new Set([...probes.flatMap(namesOf), NEIGHBOURS])];
  const names = new Set(asked.flatMap((name) => matching(name, known)));
  return { names, probes: probes.filter((probe) => namesOf(probe).some((name) => names.has(name))) };
}

const NEIGHBOURS = 'knn.error';

/** Losses of which each example has one class. */
const OF_CLASSES = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'categoricalHinge',
  'softmaxCrossEntropy',
];

function ofOneClass(losses: readonly NamedLoss[], { y }: Batch): boolean {
  const [target, ...more] = [y].flat() as Tensor[];
  return more.length === 0 && target!.rank <= 2 && OF_CLASSES.includes(losses[0]!.name);
}

/** What a probe measures, without what it says of the measuring. */
const namesOf = ({ measures }: Probe): string[] =>
  measures.map(({ name }) => name).filter((name) => !/_residual$|self_check$/.test(name));

function matching(asked: string, known: readonly string[]): string[] {
  const found = known.filter((name) => matches(name, asked));
  if (found.length > 0) return found;
  throw new Error(`--metrics: there is no measurement '${asked}'; there are ${known.join(', ')}`);
}

const matches = (name: string, asked: string): boolean =>
  asked === '' || name === asked || name.startsWith(`${asked}.`);
