import { add, clone, Identity, mul, ones, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import { refused } from '../derivatives/refusals.js';
import type { Derivative, TapeNode } from './tape.js';

/** The nodes that lie between some variables and some results, last first, each with the inputs that matter. */
export type Path = readonly { readonly node: TapeNode; readonly inputs: readonly (readonly [string, Tensor])[] }[];

/** Kernels that are constant wherever they are differentiable: no derivative passes through them. */
export const flat: ReadonlySet<string> = new Set([
  ...['Step', 'Sign', 'Floor', 'Ceil', 'Round'],
  ...['ArgMax', 'ArgMin', 'ZerosLike', 'OnesLike'],
]);

/** The part of a tape through which `ys` depend on `xs`. */
export function pathBetween(nodes: readonly TapeNode[], xs: readonly Tensor[], ys: readonly Tensor[]): Path {
  const reached = new Set(xs.map((x) => x.id));
  const onward = nodes.filter((node) => {
    if (!isDifferentiable(node) || inputsIn(node, reached).length === 0) return false;
    for (const y of node.outputs) if (carries(node, y)) reached.add(y.id);
    return true;
  });
  const wanted = new Set(ys.map((y) => y.id));
  return onward.reverse().flatMap((node) => {
    if (!node.outputs.some((y) => wanted.has(y.id))) return [];
    const inputs = inputsIn(node, reached);
    for (const [, x] of inputs) wanted.add(x.id);
    return [{ node, inputs }];
  });
}

/**
 * Integers and truth values carry no derivative. Complex numbers would, and tfjs has none for the kernels that make them;
 * what a kernel that is refused makes must be met on the way back, to be refused.
 */
const carries = ({ kernelName }: TapeNode, { dtype }: Tensor): boolean =>
  dtype === 'float32' || dtype === 'complex64' || refused[kernelName] !== undefined;

/** Whether a node passes derivatives on. */
export const isDifferentiable = (node: TapeNode): boolean =>
  !flat.has(node.kernelName) && node.outputs.some((y) => carries(node, y));

/** Whether what is computed depends on comparisons, orderings or steps that depend on `xs`: such a function may have kinks. */
export function branchesOn(xs: readonly Tensor[], nodes: readonly TapeNode[]): boolean {
  const reached = new Set(xs.map((x) => x.id));
  return nodes.some((node) => {
    if (inputsIn(node, reached).length === 0) return false;
    for (const y of node.outputs) reached.add(y.id);
    return (
      flat.has(node.kernelName) ||
      node.kernelName === 'MaxPool' ||
      node.kernelName === 'MaxPool3D' ||
      node.outputs.some((y) => y.dtype !== 'float32')
    );
  });
}

const inputsIn = (node: TapeNode, ids: ReadonlySet<number>): [string, Tensor][] =>
  Object.entries(node.inputs).filter((entry): entry is [string, Tensor] => entry[1] != null && ids.has(entry[1].id));

/**
 * Σ (∂y/∂x)ᵀ dy for each x, along a path made by `pathBetween`; zero for an x that no path reaches.
 * Under a tape the walk is itself differentiable. The caller owns the results.
 *
 * @throws Error naming the kernel, if one on the path has no derivative.
 */
export function pullback(path: Path, ys: readonly Tensor[], dys: readonly Tensor[], xs: readonly Tensor[]): Tensor[] {
  return tidy(() => adjointsOf(xs, adjointsAlong(path, ys, dys), dys));
}

/** Tensors of their own, none of them among `dys`, and of float32 whatever x holds. */
export function adjointsOf(xs: readonly Tensor[], adjoints: Adjoints, dys: readonly Tensor[]): Tensor[] {
  const given = new Set(dys);
  return xs.map((x) => {
    const sum = adjoints.get(x.id) ?? zeros(x.shape);
    if (given.has(sum)) return clone(sum);
    given.add(sum);
    return sum;
  });
}

/** Σ (∂y/∂x)ᵀ dy, by the id of x. */
export type Adjoints = ReadonlyMap<number, Tensor>;

/**
 * The adjoint of every x on a path. What a sum hands on is spread over its axes where something is added to it, or reads
 * it. Under a tape the adjoint of an adjoint is what its x moves by, for none stands for two: what a derivative hands on as
 * it is, only its clone may share.
 *
 * @throws Error naming the kernel, if one on the path has no derivative.
 */
export function adjointsAlong(path: Path, ys: readonly Tensor[], dys: readonly Tensor[]): Adjoints {
  const adjoints = new Map<number, Tensor>();
  const taken = new Set(dys);
  const narrow: Tensor[] = [];
  const push = (x: Tensor, d: Tensor): void => {
    const sum = adjoints.get(x.id);
    adjoints.set(x.id, sum ? add(sum, d) : d);
    if (d.size !== x.size) narrow.push(x);
  };
  const own = (d: Tensor): Tensor => {
    const single = taken.has(d) ? clone(d) : d;
    taken.add(single);
    return single;
  };
  const widened = (x: Tensor): Tensor | undefined => {
    const d = adjoints.get(x.id);
    if (!d || d.size === x.size) return d;
    const wide = mul(d, ones(x.shape));
    adjoints.set(x.id, wide);
    return wide;
  };
  ys.forEach((y, i) => push(y, dys[i]!));
  for (const { node, inputs } of path) {
    const isClone = node.kernelName === Identity;
    const arriving = node.outputs.map((y) => (isClone ? adjoints.get(y.id) : widened(y)));
    if (arriving.every((d) => d === undefined)) continue;
    const derivatives = derivativesOf(node, arriving);
    for (const d of arriving) if (d) taken.add(d);
    for (const [name, x] of inputs) {
      const d = derivatives[name]?.narrow?.() ?? checked(node, name, x, derivatives[name]);
      push(x, isClone ? d : own(d));
    }
  }
  for (const x of narrow) widened(x);
  return adjoints;
}

function derivativesOf(node: TapeNode, dys: readonly (Tensor | undefined)[]): Readonly<Record<string, Derivative>> {
  // As it is. tfjs clones every operand it records, and would run a kernel for each of them on the way back.
  if (node.kernelName === Identity) return { x: asItIs(dys[0]!) };
  if (!node.gradient) {
    throw new Error(`no derivative of the kernel ${node.kernelName} is known; register one with tf.registerGradient`);
  }
  return node.gradient(dys);
}

const asItIs = (d: Tensor): Derivative => Object.assign(() => d, { narrow: () => d });

function checked(node: TapeNode, name: string, x: Tensor, derivative: Derivative | undefined): Tensor {
  if (!derivative) throw new Error(`no derivative of the kernel ${node.kernelName} in its input '${name}' is known`);
  const d = derivative();
  if (d.dtype !== 'float32' || d.shape.join() !== x.shape.join()) {
    throw new Error(
      `the derivative of the kernel ${node.kernelName} in its input '${name}' must be float32 of shape [${x.shape}], ` +
        `got ${d.dtype} of shape [${d.shape}]`,
    );
  }
  return d;
}
