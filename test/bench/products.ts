import { dispose, memory, randomNormal, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Objective } from '../../src/core/objective.js';
import { type LinearComposition, linearizeComposition } from '../../src/curvature/linearize/linearizeComposition.js';
import { pairs, ratios } from './pairs.js';
import type { Peers } from './peers.js';
import { median, type Peer, type Row, row } from './row.js';

/** What each may cost, in gradients. */
export interface ProductBounds {
  readonly hessian: number;
  readonly gaussNewton: number;
  readonly jacobian: number;
  readonly recording: number;
}

const PAIRS = 31;

/** Time of a record and of products with it, each against a plain gradient, alternately; and the memory of a record. */
export function products(title: string, objective: Objective, bounds: ProductBounds, peers: Peers | undefined): Row[] {
  const linear = record(objective);
  const v = objective.params.map(({ shape }) => randomNormal([...shape], 0, 1, 'float32', 1));
  const cost = (what: string, f: () => unknown, bound: number | undefined, peer: Peer = {}): Row => {
    const measured = pairs(
      PAIRS,
      () => tidy(() => finished(gradientOf(objective))),
      () => tidy(f as () => void),
      3,
    );
    return row(`${title}: ${what}`, 'gradients', median(ratios(measured)), bound, peers && peer);
  };
  const product = (what: string, f: () => Tensor[], bound?: number, peer?: Peer): Row =>
    cost(what, () => finished(f()), bound, peer);
  const { pytorch, curvlinops } = peers ?? {};
  const rows = [
    product('H·v', () => linear.hvp(v), bounds.hessian, {
      'PyTorch, graph kept': pytorch?.hessian,
      curvlinops: curvlinops?.hessian,
    }),
    product('Gauss-Newton·v', () => linear.gaussNewton(v), bounds.gaussNewton, {
      curvlinops: curvlinops?.gaussNewton,
    }),
    product('J·v', () => linear.jvp(v), bounds.jacobian, { 'torch.func.jvp': pytorch?.jacobian }),
    product('NME·v', () => linear.nme(v)),
    product('H·v, G·v and NME·v of one v', () => Object.values(linear.split(v)).flat()),
    cost('recording', () => record(objective).dispose(), bounds.recording, {
      'PyTorch, create_graph': pytorch?.recording,
    }),
    recordMemory(title, objective, v),
  ];
  linear.dispose();
  for (const t of v) t.dispose();
  return rows;
}

const record = ({ outputs, outputLoss, params }: Objective): LinearComposition =>
  linearizeComposition(outputs!, outputLoss!, params);

const gradientOf = ({ loss, params }: Objective): Tensor[] => Object.values(variableGrads(loss, [...params]).grads);

/** Reads a number, so that nothing is left to do. */
const finished = (tensors: readonly Tensor[]): number => tensors.at(-1)!.dataSync()[0]!;

/** Of a record that has made each product, over four times what one gradient keeps of its forward pass and four times the parameters. */
function recordMemory(title: string, objective: Objective, v: readonly Tensor[]): Row {
  const before = memory().numBytes;
  const linear = record(objective);
  dispose([linear.hvp(v), linear.gaussNewton(v), linear.nme(v)]);
  const held = memory().numBytes - before;
  linear.dispose();
  const parameters = objective.params.reduce((sum, { size }) => sum + 4 * size, 0);
  const allowed = 4 * activations(objective) + 4 * parameters;
  const name = `${title}: memory of a record, over 4 × activations + 4 × parameters`;
  return row(name, '1', { value: held / allowed }, 1, {});
}

/** Bytes that a gradient keeps of its forward pass, to walk back over it. */
function activations({ loss, params }: Objective): number {
  return tidy(() => {
    let kept = 0;
    variableGrads(() => {
      const before = memory().numBytes;
      const value = tidy(loss);
      kept = memory().numBytes - before;
      return value;
    }, [...params]);
    return kept;
  });
}
