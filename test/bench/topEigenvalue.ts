import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { type Eigenpair, lanczos } from '../../src/curvature/lanczos.js';
import type { BenchNetwork } from './networks.js';
import type { Peers } from './peers.js';
import { median, type Row, row } from './row.js';

const SEEDS = [1, 2, 3, 4, 5];
const STEPS = 50;

/** Products until the residual of λ_max is 1 % of it: from a random direction, and from the eigenvector of 50 steps before. */
export function topEigenvalue(title: string, network: BenchNetwork, peers: Peers | undefined): Row[] {
  const cold = SEEDS.map((seed) => search(network.objective, seed));
  network.train(STEPS);
  const warm = SEEDS.map((seed) => search(network.objective, seed, cold[0]!.next));
  const products = (found: readonly Eigenpair[]) =>
    median(found.map((pair) => (pair.converged ? pair.products : Infinity)));
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

function search(objective: Objective, seed: number, start?: Float64Array): Eigenpair {
  const { hessian, dispose } = curvatureOf(objective);
  const found = lanczos(hessian, { random: random(seed), start, tolerance: 0.01 });
  dispose();
  return found;
}
