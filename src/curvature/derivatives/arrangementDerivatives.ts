import {
  add,
  cumsum,
  type GradConfig,
  pad,
  range,
  reshape,
  reverse,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  transpose,
  unsortedSegmentSum,
  util,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';

/** What moves elements about, where tfjs 4.22 has the derivative wrong, or in a slow form. */
export const arrangementDerivatives: readonly GradConfig[] = [
  // tfjs adds slices, one for each repetition: thousands for what BatchNorm tiles.
  derivative('Tile', ['x'], (d, [x], attrs) => ({ x: () => untile(d, x!.shape, (attrs as { reps: number[] }).reps) })),
  // tfjs forgets what flows back from the mirrored border.
  derivative('MirrorPad', ['x'], (d, [x], attrs) => {
    const { paddings, mode } = attrs as unknown as MirrorPadSettings;
    const skip = mode === 'reflect' ? 1 : 0;
    return { x: () => paddings.reduce((t, p, axis) => unmirror(t, axis, x!.shape[axis]!, p, skip), d) };
  }),
  // tfjs turns the axes of what it has: wrong for every axis but the last.
  derivative('Cumsum', [], (dy, _, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as CumsumSettings;
    return { x: () => cumsum(dy, axis, exclusive, !reverse) };
  }),
  // tfjs takes at most one axis of batches, and for that needs methods that only the whole of @tensorflow/tfjs registers.
  derivative('GatherV2', ['x', 'indices'], (dy, [x, indices], attrs) => ({
    x: () => scatterBack(dy, x!.shape, indices!, attrs as unknown as GatherSettings),
  })),
];

/** Sums the repetitions of a tensor of shape `shape`. */
function untile(d: Tensor, shape: readonly number[], reps: readonly number[]): Tensor {
  const split = shape.flatMap((n, axis) => [
    { size: reps[axis]!, repeats: true },
    { size: n, repeats: false },
  ]);
  const wide = split.filter(({ size }) => size > 1);
  const repeated = wide.flatMap(({ repeats }, axis) => (repeats ? [axis] : []));
  const sizes = wide.map(({ size }) => size);
  return reshape(sum(reshape(d, sizes), repeated), [...shape]);
}

interface CumsumSettings {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

interface GatherSettings {
  readonly axis: number;
  readonly batchDims: number;
}

/** Sums dy onto the places it was gathered from: x is `[batches, ahead, n, behind]`, dy the same with the indices for n. */
function scatterBack(dy: Tensor, shape: number[], indices: Tensor, settings: GatherSettings): Tensor {
  const axis = util.parseAxisParam(settings.axis, shape)[0]!;
  const batches = util.sizeFromShape(shape.slice(0, settings.batchDims));
  const ahead = util.sizeFromShape(shape.slice(settings.batchDims, axis));
  const behind = util.sizeFromShape(shape.slice(axis + 1));
  const [n, taken] = [shape[axis]!, indices.size / batches];
  const parts = transpose(reshape(dy, [batches, ahead, taken, behind]), [0, 2, 1, 3]);
  const first = reshape(range(0, batches * n, n, 'int32'), [batches, 1]);
  const places = reshape(add(reshape(indices, [batches, taken]), first), [batches * taken]) as Tensor1D;
  const summed = unsortedSegmentSum(reshape(parts, [batches * taken, ahead, behind]), places, batches * n);
  return reshape(transpose(reshape(summed, [batches, n, ahead, behind]), [0, 2, 1, 3]), shape);
}

interface MirrorPadSettings {
  readonly paddings: readonly (readonly [number, number])[];
  readonly mode: 'reflect' | 'symmetric';
}

/** Folds the mirrored border of one axis back onto the `n` elements it mirrors. */
function unmirror(
  d: Tensor,
  axis: number,
  n: number,
  [before, after]: readonly [number, number],
  skip: number,
): Tensor {
  const cut = (begin: number, size: number): Tensor => {
    const at = d.shape.map((_, i) => (i === axis ? begin : 0));
    return slice(
      d,
      at,
      d.shape.map((all, i) => (i === axis ? size : all)),
    );
  };
  const place = (t: Tensor, begin: number): Tensor => {
    const around = d.shape.map((_, i): [number, number] => (i === axis ? [begin, n - begin - t.shape[axis]!] : [0, 0]));
    return pad(reverse(t, axis), around);
  };
  let x = cut(before, n);
  if (before > 0) x = add(x, place(cut(0, before), skip));
  if (after > 0) x = add(x, place(cut(before + n, after), n - skip - after));
  return x;
}
