import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { wasmKernel } from './wasmKernel.js';

/**
 * Sums the rows of x that have the same number, the gradient of a gather and so of an embedding, which tfjs-wasm lacks:
 *
 *     y[n] = Σ_{i: id[i] = n} x[i]
 *
 * As elsewhere in tfjs, a row whose number is no segment is left out.
 */
export const wasmUnsortedSegmentSum = wasmKernel(({ inputs, attrs, allocate, numbers }) => {
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const numSegments = attrs.numSegments as number;
  const inner = x.shape.slice(segmentIds.shape.length);
  const size = util.sizeFromShape(inner);
  const out = allocate([numSegments, ...inner]);
  const [sums, rows, ids] = [numbers(out).fill(0), numbers(x), numbers(segmentIds)];
  ids.forEach((id, row) => {
    if (id < 0 || id >= numSegments) return;
    for (let p = id * size, q = row * size, end = q + size; q < end; p++, q++) sums[p]! += rows[q]!;
  });
  return out;
});
