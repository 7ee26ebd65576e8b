import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { pathBetween, pullback } from '../tape/pullback.js';
import type { Recorder, Walk } from '../tape/recording.js';
import type { TapeNode } from '../tape/tape.js';
import { entering, type Frame, leaving, perFrame } from './frame.js';
import { likeParams } from './likeParams.js';
import { nmeForm, type ThereAndBack, type WithJvp } from './nmeForm.js';

/** Products of lists of tensors, shaped like the parameters or what their frames have in their place. The caller owns the results. */
export interface FramedProducts {
  /** v ↦ H v, J v and H_z J v, for the price of H v. */
  hvpAndJvp(v: readonly Tensor[]): WithJvp<{ readonly hvp: Tensor[]; readonly slopes: Tensor[] }>;
  /** vᵀ NME v and J v of v without all but the parameters at places `from` to `to` − 1. At most 4/3 gradients. */
  nmeForm(v: readonly Tensor[], from: number, to: number): WithJvp<{ readonly nme: Scalar }>;
  /** v ↦ (H − G) v, not by the difference, and J v. 2 gradients. */
  nmeAndJvp(v: readonly Tensor[]): WithJvp<{ readonly nme: Tensor[] }>;
}

/** The record of a gradient: {@link ThereAndBack}, and what is above the outputs. */
export interface RecordedGradient extends Omit<ThereAndBack, 'frames'> {
  readonly all: readonly TapeNode[];
  /** The outputs as the loss reads them, and nothing else: what flows to them is H_z J v. */
  readonly read: readonly Tensor[];
}

/** The products of a record, as the frames of all its parameters write them. */
export function framedProducts(
  record: RecordedGradient,
  frames: readonly Frame[],
  { replayed }: Pick<Recorder, 'replayed'>,
): FramedProducts {
  const { all, forward, back, ds, read, params } = record;
  const [ys, xs] = [frames.flatMap((frame) => frame.ys), frames.flatMap((frame) => frame.xs)];
  const shapes = frames.flatMap((frame) => frame.shapes.map((shape) => ({ shape })));
  const walkOver = (nodes: readonly TapeNode[], besides: readonly Tensor[]) => {
    const ends = [...xs, ...besides];
    const walk = replayed((v) => {
      const path = pathBetween(nodes, ends, ys);
      const found = pullback(path, ys, entering(frames, v), ends);
      return [...leaving(frames, found.slice(0, xs.length)), ...found.slice(xs.length)];
    });
    return (v: readonly Tensor[]) => {
      const found = walk(v);
      const outputs = found.splice(shapes.length);
      return [found, outputs.slice(0, ds.length), outputs.slice(ds.length)] as const;
    };
  };
  const [whole, below] = [walkOver(all, [...ds, ...read]), walkOver([...forward, ...back], ds)];
  const forms = new Map<string, Walk>();
  const formOf = (from: number, to: number): Walk => {
    const key = `${from}, ${to}`;
    const known = forms.get(key);
    if (known) return known;
    const made = replayed(nmeForm({ ...record, params: params.slice(from, to), frames: frames.slice(from, to) }));
    forms.set(key, made);
    return made;
  };
  return {
    hvpAndJvp: (v) => {
      const [hvp, jvp, slopes] = whole(likeParams('hvpAndJvp: v', v, shapes));
      return { hvp, jvp, slopes };
    },
    nmeAndJvp: (v) => {
      const [nme, jvp] = below(likeParams('nmeAndJvp: v', v, shapes));
      return { nme, jvp };
    },
    nmeForm: (v, from, to) => {
      const own = perFrame(frames, likeParams('nmeForm: v', v, shapes)).slice(from, to);
      const [nme, ...jvp] = formOf(from, to)(own.flat());
      return { nme: nme as Scalar, jvp };
    },
  };
}
