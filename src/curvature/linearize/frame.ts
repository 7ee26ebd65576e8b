import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How the part of a parameter in v and in H v is written: in coordinates z of a space that holds all that H can give, so that
 * v = P z and PPᵀ H v = H v. A walk over the record takes in what z makes at the tensors `ys`, and brings what flows to `xs`.
 */
export interface Frame {
  /** Of z, a list of tensors. */
  readonly shapes: readonly (readonly number[])[];
  readonly ys: readonly Tensor[];
  readonly xs: readonly Tensor[];
  /** Pᵀ v */
  into(v: Tensor): Tensor[];
  /** P z */
  out(z: readonly Tensor[]): Tensor;
  /** What enters at `ys`. */
  enter(z: readonly Tensor[]): Tensor[];
  /** z of what has come to `xs`. */
  leave(adjoints: readonly Tensor[]): Tensor[];
}

/** In its own numbers: v enters at the gradient, and H v comes to the parameter. */
export const wholeFrame = (param: Tensor, grad: Tensor): Frame => ({
  shapes: [param.shape],
  ys: [grad],
  xs: [param],
  into: (v) => [v],
  out: ([v]) => v!,
  enter: (z) => [...z],
  leave: (adjoints) => [...adjoints],
});

/** z of all frames, each by itself. */
export const perFrame = (frames: readonly Frame[], z: readonly Tensor[]): Tensor[][] =>
  cut(z, frames, ({ shapes }) => shapes.length);

/** What enters at the `ys` of all frames. */
export const entering = (frames: readonly Frame[], z: readonly Tensor[]): Tensor[] =>
  perFrame(frames, z).flatMap((own, i) => frames[i]!.enter(own));

/** z of what has come to the `xs` of all frames. */
export const leaving = (frames: readonly Frame[], adjoints: readonly Tensor[]): Tensor[] =>
  cut(adjoints, frames, ({ xs }) => xs.length).flatMap((own, i) => frames[i]!.leave(own));

/** P z, a tensor for each frame. */
export const outOf = (frames: readonly Frame[], z: readonly Tensor[]): Tensor[] =>
  perFrame(frames, z).map((own, i) => frames[i]!.out(own));

function cut(all: readonly Tensor[], frames: readonly Frame[], lengthIn: (frame: Frame) => number): Tensor[][] {
  const rest = [...all];
  return frames.map((frame) => rest.splice(0, lengthIn(frame)));
}
