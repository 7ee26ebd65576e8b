import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Path } from '../tape/pullback.js';
import type { Recorder } from '../tape/recording.js';
import { scoped } from '../tape/scoped.js';
import { denseFrame } from './denseFrame.js';
import { type DenseWeight, denseWeight } from './denseWeight.js';
import { outOf, wholeFrame } from './frame.js';
import { type FramedProducts, framedProducts, type RecordedGradient } from './framedProducts.js';

/**
 * Products with H in coordinates z of a space that holds all that H can give: v = P z, and PPᵀ H v = H v. So H and PᵀHP have
 * the same eigenvalues but for zeros, and the same trace.
 */
export interface InRange extends FramedProducts {
  /** Of z, a list of tensors. */
  readonly shapes: readonly (readonly number[])[];
  /** Pᵀ v */
  into(v: readonly Tensor[]): Tensor[];
  /** P z */
  out(z: readonly Tensor[]): Tensor[];
}

/** Of the numbers of a weight: with more coordinates than that little is gained. */
const MOST = 1 / 2;

/** Numbers of a weight below which its products take no longer than their calls. */
const LEAST = 2 ** 16;

/**
 * Finds such coordinates; undefined where no parameter has a space that is much smaller than its own.
 *
 * @param path between the parameters and `grads`.
 */
export function inRange(
  record: RecordedGradient,
  path: Path,
  grads: readonly Tensor[],
  recorder: Recorder,
): InRange | undefined {
  const weights = record.params.map((param, i) => {
    const found = param.size >= LEAST ? denseWeight(record, path, param, grads[i]!) : undefined;
    return found && coordinatesOf(found) <= MOST * param.size ? found : undefined;
  });
  if (weights.every((weight) => !weight)) return undefined;
  const frames = scoped(() =>
    weights.map((weight, i) => (weight ? denseFrame(weight, recorder.hold) : wholeFrame(record.params[i]!, grads[i]!))),
  );
  return {
    ...framedProducts(record, frames, recorder),
    shapes: frames.flatMap(({ shapes }) => shapes),
    into: (v) => tidy(() => v.flatMap((part, i) => frames[i]!.into(part))),
    out: (z) => tidy(() => outOf(frames, z)),
  };
}

const coordinatesOf = ({ h, delta, e }: DenseWeight): number => delta.size + (e ? h.size : 0);
