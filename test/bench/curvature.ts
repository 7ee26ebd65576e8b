import { getBackend, tidy } from '@tensorflow/tfjs-core';
import { gradient } from '../../src/core/gradient.js';
import type { Objective } from '../../src/core/objective.js';
import { accuracy } from './accuracy.js';
import { allowedError, joint } from './joint.js';
import { type BenchNetwork, convnet, mlp } from './networks.js';
import { timed } from './pairs.js';
import { measurePeers, type Peers } from './peers.js';
import { type ProductBounds, products } from './products.js';
import { median, type Row, row } from './row.js';
import { topEigenvalue } from './topEigenvalue.js';

const TRAINED = 200;
const ROUNDS = 3;
const WARM_UP = 5;

const BOUNDS: Readonly<Record<BenchNetwork['name'], ProductBounds>> = {
  mlp: { hessian: 1.8, gaussNewton: 1.1, jacobian: 0.75, recording: 1.3 },
  convnet: { hessian: 2.1, gaussNewton: 1.5, jacobian: 0.75, recording: 1.3 },
};
const HESSIAN_ON_WASM = 2.5;

/** Of PyHessian's time, both on native code; of wasm nothing is claimed beside PyTorch. */
const JOINT_ON_TENSORFLOW = 0.25;

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
  // Over the first runs V8 compiles; PyHessian, too, runs twice before it is timed, and has nothing to compile.
  times(WARM_UP, () => joint(objective));
  // Before and after the peers, so that a slow moment of the machine does not meet one of them only.
  const before = times(ROUNDS, () => joint(objective));
  const peers = measurePeers(network, allowedError(joint(objective)));
  const ms = median([...before, ...times(ROUNDS, () => joint(objective))]).value;
  return [
    ...products(name, objective, getBackend() === 'wasm' ? { ...bounds, hessian: HESSIAN_ON_WASM } : bounds, peers),
    ...jointRows(name, objective, ms, peers),
    ...topEigenvalue(name, network, peers),
  ];
}

function jointRows(title: string, objective: Objective, ms: number, peers: Peers | undefined): Row[] {
  const name = `${title}: λ_max, λ_min, tr H, tr G and tr NME`;
  const plain = median(times(15, () => tidy(() => gradient(objective).loss.dataSync()))).value;
  const theirs = peers?.pyhessian;
  const bound = getBackend() === 'tensorflow' ? JOINT_ON_TENSORFLOW : undefined;
  return [
    row(
      name,
      'gradients',
      { value: ms / plain },
      undefined,
      peers && { 'PyHessian, λ_max and tr H': theirs?.gradients },
    ),
    ...(theirs ? [row(`${name}, over PyHessian's λ_max and tr H`, 'time', { value: ms / theirs.ms }, bound)] : []),
  ];
}

const times = (n: number, f: () => unknown): number[] => Array.from({ length: n }, () => timed(f));
