import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import type { Eigenpair } from '../../src/curvature/spectrum/eigenpair.js';
import { lanczos } from '../../src/curvature/spectrum/lanczos.js';
import type { LanczosOptions } from '../../src/curvature/spectrum/searchSpectrum.js';
import type { BenchNetwork } from './networks.js';
import type { Peers } from './peers.js';
import { median, type Row, row } from './row.js';

const PRECISION = 0.01;
const SEEDS = [1, 2, 3, 4, 5];
const STEPS = 50;

/** Products until λ_max is known to 1 %: from nothing but the gradient, and from what was found 50 steps before. */
export function topEigenvalue(title: string, network: BenchNetwork, peers: Peers | undefined): Row[] {
  const cold = searches(network.objective);
  network.train(STEPS);
  const warm = searches(network.objective, cold[0]!.next);
  return [
    row(
      `${title}: λ_max to 1 %, cold`,
      'products',
      products(cold),
      12,
      peers && { PyHessian: peers.pyhessian?.topProducts },
    ),
    row(`${title}: λ_max to 1 %, ${STEPS} steps on`, 'products', products(warm), 3, {}),
  ];
}

/** Searches with different seeds. One whose value is wrong by more than it says counts as endless. */
function searches(objective: Objective, start?: Float64Array): Eigenpair[] {
  const { hessian, gradient, dispose } = curvatureOf(objective);
  const search = (seed: number, options: Partial<LanczosOptions>): Eigenpair =>
    lanczos(hessian, { random: random(seed), start: start ?? gradient, ...options });
  const { value } = search(0, { tolerance: PRECISION / 10, start: undefined });
  const found = SEEDS.map((seed) => search(seed, { tolerance: PRECISION, until: 'error' }));
  dispose();
  const right = (pair: Eigenpair): boolean => pair.converged && Math.abs(pair.value - value) <= PRECISION * value;
  return found.map((pair) => (right(pair) ? pair : { ...pair, products: Number.POSITIVE_INFINITY }));
}

const products = (found: readonly Eigenpair[]) => median(found.map((pair) => pair.products));
