import {
  add,
  EluGrad,
  type GradConfig,
  greaterEqual,
  MirrorPad,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  sum,
  type Tensor,
  Tile,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** Derivatives that tfjs lacks (of `EluGrad`), has wrong (of `MirrorPad`) or has in a slow form (of `Tile`). */
export const elementaryDerivatives: readonly GradConfig[] = [
  {
    // EluGrad(dy, y) = dy · (y ≥ 0 ? 1 : y + 1).
    kernelName: EluGrad,
    inputsToSave: ['dy', 'y'],
    gradFunc: (d, [dy, y]) => {
      const linear = greaterEqual(y!, 0);
      return {
        dy: () => where(linear, d as Tensor, mul(d as Tensor, add(y!, 1))),
        y: () => where(linear, zerosLike(y!), mul(d as Tensor, dy!)),
      };
    },
  },
  {
    // tfjs adds slices, one for each repetition: thousands for what BatchNorm tiles.
    kernelName: Tile,
    inputsToSave: ['x'],
    gradFunc: (d, [x], attrs) => ({ x: () => untile(d as Tensor, x!.shape, (attrs as { reps: number[] }).reps) }),
  },
  {
    // tfjs forgets what flows back from the mirrored border.
    kernelName: MirrorPad,
    inputsToSave: ['x'],
    gradFunc: (d, [x], attrs) => {
      const { paddings, mode } = attrs as unknown as MirrorPadSettings;
      const skip = mode === 'reflect' ? 1 : 0;
      return { x: () => paddings.reduce((t, p, axis) => unmirror(t, axis, x!.shape[axis]!, p, skip), d as Tensor) };
    },
  },
];

/** Sums the repetitions of a tensor of shape `shape`. */
function untile(d: Tensor, shape: readonly number[], reps: readonly number[]): Tensor {
  const split = shape.flatMap((n, axis) => [
    { size: reps[axis]!, repeats: true },
    { size: n, repeats: false },
  ]);
  const wide = split.filter(({ size }) => size > 1);
  const repeated = wide.flatMap(({ repeats }, axis) => (repeats ? [axis] : []));
  return reshape(
    sum(
      reshape(
        d,
        wide.map(({ size }) => size),
      ),
      repeated,
    ),
    [...shape],
  );
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
