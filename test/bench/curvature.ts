import { getBackend, tidy } from '@tensorflow/tfjs-core';
import { gradient } from '../../src/core/gradient.js';
import type { Objective } from '../../src/core/objective.js';
import { accuracy } from './accuracy.js';
import { type Joint, joint } from './joint.js';
import { type BenchNetwork, convnet, mlp } from './networks.js';
import { timed } from './pairs.js';
import { measurePeers, type Peers } from './peers.js';
import { type ProductBounds, products } from './products.js';
import { median, type Row, row } from './row.js';
import { topEigenvalue } from './topEigenvalue.js';

const TRAINED = 200;
const ROUNDS = 3;

const BOUNDS: Readonly<Record<BenchNetwork['name'], ProductBounds>> = {
  mlp: { hessian: 1.8, gaussNewton: 1.1, jacobian: 0.75, recording: 1.3 },
  convnet: { hessian: 2.1, gaussNewton: 1.5, jacobian: 0.75, recording: 1.3 },
};
const HESSIAN_ON_WASM = 2.5;

/**
 * What second order costs in gradients of the same network on the same backend, and how exact it is. Beside it what
 * PyTorch, curvlinops and PyHessian take, in gradients of PyTorch, where they are installed.
 *
 * @throws Error on a backend that is too slow for networks of this size.
 */
export function curvature(): Row[] {
  if (getBackend() === 'cpu') throw new Error('bench curvature: cpu takes hours; give --backend tensorflow or wasm');
  return [...rowsOf(mlp()), ...rowsOf(convnet()), ...accuracy()];
}

function rowsOf(network: BenchNetwork): Row[] {
  const { name, objective } = network;
  const bounds = BOUNDS[name];
  network.train(TRAINED);
  const together = joint(objective);
  const before = times(together);
  const peers = measurePeers(network, together.standardError);
  return [
    ...products(name, objective, getBackend() === 'wasm' ? { ...bounds, hessian: HESSIAN_ON_WASM } : bounds, peers),
    ...jointRows(name, objective, median([...before, ...times(together)]).value, peers),
    ...topEigenvalue(name, network, peers),
  ];
}

const times = ({ measure }: Joint): number[] => Array.from({ length: ROUNDS }, () => timed(measure));

function jointRows(title: string, objective: Objective, ms: number, peers: Peers | undefined): Row[] {
  const oneGradient = median(
    Array.from({ length: 15 }, () => timed(() => tidy(() => gradient(objective).loss.dataSync()))),
  );
  const pyhessian = peers?.pyhessian;
  const name = `${title}: λ_max, λ_min and three traces`;
  return [
    row(
      name,
      'gradients',
      { value: ms / oneGradient.value },
      undefined,
      peers && { 'PyHessian, λ_max and tr H': pyhessian?.gradients },
    ),
    ...(pyhessian
      ? [row(`${name}, over PyHessian's time for λ_max and tr H`, '1', { value: ms / pyhessian.ms }, 0.25)]
      : []),
  ];
}
