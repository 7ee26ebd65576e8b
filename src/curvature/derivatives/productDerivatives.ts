import {
  add,
  backend_util,
  cumprod,
  type GradConfig,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';

/** Products along axes; factors of 0 are no exception. */
export const productDerivatives: readonly GradConfig[] = [
  // tfjs 4.22 takes no negative axes, and needs methods that it registers itself only with the whole of @tensorflow/tfjs.
  derivative('Prod', ['x'], (dy, [x], attrs) => ({
    x: () => productOfOthers(dy, x!, util.parseAxisParam((attrs as ProdSettings).axis!, x!.shape)),
  })),
  // tfjs has none.
  derivative('Cumprod', ['x'], (dy, [x], attrs) => ({
    x: () => throughScan(dy, x!, attrs as unknown as CumprodSettings),
  })),
];

interface ProdSettings {
  readonly axis?: number | number[];
}

interface CumprodSettings {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Σ dy Π x of all others: what lies before times what lies behind. */
function productOfOthers(dy: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const order = [...kept, ...axes];
  const moved = transpose(x, order);
  const factors = reshape(moved, [dy.size, x.size / dy.size]);
  const others = mul(cumprod(factors, 1, true, false), cumprod(factors, 1, true, true));
  const d = mul(reshape(dy, [dy.size, 1]), others);
  return transpose(reshape(d, moved.shape), backend_util.getUndoAxesPermutation(order));
}

/**
 * The running product by doubling, y ← y · (y moved by 1, 2, 4, …, with ones behind it), and back through it: logarithmic
 * in the length, and made of nothing but products and shifts, so that it can be differentiated again.
 */
function throughScan(dy: Tensor, x: Tensor, settings: CumprodSettings): Tensor {
  const axis = settings.axis < 0 ? settings.axis + x.rank : settings.axis;
  const turned = (t: Tensor): Tensor => (settings.reverse ? reverse(t, axis) : t);
  const onward = (t: Tensor, by: number, fill: number): Tensor => shift(t, axis, by, fill);
  const partial: Tensor[] = [];
  const steps: number[] = [];
  let y = settings.exclusive ? onward(turned(x), 1, 1) : turned(x);
  for (let by = 1; by < x.shape[axis]!; by *= 2) {
    partial.push(y);
    steps.push(by);
    y = mul(y, onward(y, by, 1));
  }
  let d = turned(dy);
  for (let i = steps.length - 1; i >= 0; i--) {
    const by = steps[i]!;
    d = add(mul(d, onward(partial[i]!, by, 1)), onward(mul(d, partial[i]!), -by, 0));
  }
  return turned(settings.exclusive ? onward(d, -1, 0) : d);
}

/** Moves the elements along an axis, by `by` places forward or, if negative, backward, and fills what becomes free. */
function shift(t: Tensor, axis: number, by: number, fill: number): Tensor {
  const [front, behind] = [Math.max(by, 0), Math.max(-by, 0)];
  const around = t.shape.map((_, i): [number, number] => (i === axis ? [front, behind] : [0, 0]));
  const begin = t.shape.map((_, i) => (i === axis ? behind : 0));
  return slice(pad(t, around, fill), begin, t.shape);
}
