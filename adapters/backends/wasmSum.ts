import { backend_util, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { wasmKernel } from './wasmKernel.js';

/**
 * Sums over the leading dimensions, as the gradient of a bias is: `correlate` with a single 1, read again and again. The
 * loops of tfjs-wasm first transpose, which takes ten times as long; they remain for all other sums but those of nothing,
 * which they leave as memory happens to be.
 */
export const wasmSum = (stock: KernelFunc): KernelFunc =>
  wasmKernel(({ inputs, attrs, run, gradients, allocate, numbers, pointer }) => {
    const x = inputs.x as TensorInfo;
    const axes = util.parseAxisParam(attrs.axis as number | number[], x.shape).sort((a, b) => a - b);
    const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
    if (util.sizeFromShape(x.shape) === 0) return run('Fill', {}, { shape, value: 0, dtype: x.dtype });
    const columns = util.sizeFromShape(kept);
    const n = util.sizeFromShape(x.shape) / columns;
    const areLeading = axes.every((axis, i) => axis === i);
    if (!gradients || !areLeading || x.dtype !== 'float32' || columns % 4 !== 0 || n < WORTH_IT)
      return run(stock, inputs, attrs);

    const out = allocate(shape);
    const one = allocate([1]);
    numbers(out).fill(0);
    numbers(one).fill(1);
    const [sums, from, width] = [pointer(out), pointer(x), columns * Float32Array.BYTES_PER_ELEMENT];
    // In parts, so that a sum of many terms loses few digits.
    const part = Math.ceil(Math.sqrt(n));
    for (let i = 0; i < n; i += part) {
      gradients.correlate(sums, pointer(one), from + i * width, Math.min(part, n - i), 1, 0, columns);
    }
    return out;
  });

/** Terms below which it does not matter. */
const WORTH_IT = 16;
