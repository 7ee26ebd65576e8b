import { broadcast_util, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type Run, reshape, transpose, type WasmCall, wasmKernel } from './wasmKernel.js';

/**
 * a·b of matrices or batches of them, with bias and activation where `stock` is the fused kernel.
 *
 * tfjs-wasm hands a product to XNNPACK only if both operands are single, untransposed matrices. Anything else goes
 * through scalar loops, 10 to 20 times slower, which moreover add the bias anew for every 48 terms of the sum and know
 * of one batch dimension only. So operands are transposed first; several left matrices against one right matrix are
 * one tall matrix; and several against several go one by one.
 *
 * Transposing goes by strides, and of a large matrix takes longer than the product: a bᵀ is (b aᵀ)ᵀ, where a and that are
 * smaller than b.
 */
export const wasmMatMul = (stock: KernelFunc): KernelFunc =>
  wasmKernel((call) => {
    const { inputs, attrs, run } = call;
    const { a: left, b: right } = inputs as { a: TensorInfo; b: TensorInfo };
    if (left.dtype !== 'float32' || right.dtype !== 'float32') return run(stock, inputs, attrs);
    const untransposed = { ...attrs, transposeA: false, transposeB: false };
    const product: Product = (a, b) => run(stock, { ...inputs, a, b }, untransposed);

    const a = attrs.transposeA ? flip(run, left) : left;
    const [m, k] = a.shape.slice(-2) as [number, number];
    const sides = right.shape.slice(-2) as [number, number];
    const [rows, n] = attrs.transposeB ? ([sides[1], sides[0]] as const) : sides;
    util.assert(k === rows, () => `matMul: inner dimensions must match, got shapes [${a.shape}] and [${right.shape}]`);
    const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), right.shape.slice(0, -2));
    const count = util.sizeFromShape(batch);
    const single = util.sizeFromShape(right.shape) === k * n;
    if (attrs.transposeB && single && !('activation' in attrs) && k * n > count * m * (k + n)) {
      const turned = product(reshape(run, right, [1, n, k]), flip(run, reshape(run, a, [1, count * m, k])));
      return reshape(run, flip(run, turned), [...batch, m, n]);
    }
    const b = attrs.transposeB ? flip(run, right) : right;
    const several = (): TensorInfo => {
      const pair = [spread(run, a, batch), spread(run, b, batch)] as const;
      // Of the loops only the fused ones are wrong, and small products are faster in them.
      const fused = 'activation' in attrs;
      return !fused && m * k * n <= SMALL ? product(...pair) : oneByOne(call, product, ...pair);
    };
    const out = single ? product(reshape(run, a, [1, count * m, k]), reshape(run, b, [1, k, n])) : several();
    return reshape(run, out, [...batch, m, n]);
  });

/** Multiplications in a product up to which the loops win: measured, they part between 16³ and 32³. */
const SMALL = 20 ** 3;

type Product = (a: TensorInfo, b: TensorInfo) => TensorInfo;

/** Exchanges the last two dimensions. */
function flip(run: Run, x: TensorInfo): TensorInfo {
  const perm = x.shape.map((_, i) => i);
  perm.push(...perm.splice(-2).reverse());
  return transpose(run, x, perm);
}

/** The matrices of `x` repeated to the batch dimensions `batch`, as `[count, rows, columns]`. */
function spread(run: Run, x: TensorInfo, batch: number[]): TensorInfo {
  const matrix = x.shape.slice(-2);
  const own = [...Array<number>(batch.length - x.shape.length + 2).fill(1), ...x.shape.slice(0, -2)];
  const reps = batch.map((size, i) => (own[i] === size ? 1 : size));
  const aligned = reshape(run, x, [...own, ...matrix]);
  const repeated = reps.some((r) => r > 1) ? run('Tile', { x: aligned }, { reps: [...reps, 1, 1] }) : aligned;
  return reshape(run, repeated, [util.sizeFromShape(batch), ...matrix]);
}

function oneByOne(call: WasmCall, product: Product, a: TensorInfo, b: TensorInfo): TensorInfo {
  const [count, m] = a.shape as [number, number];
  const n = b.shape[2]!;
  const out = call.allocate([count, m, n]);
  for (let i = 0; i < count; i++) {
    const parts = [matrixAt(call, a, i), matrixAt(call, b, i)] as const;
    const c = product(...parts);
    call.numbers(out).set(call.numbers(c), i * m * n);
    [...parts, c].forEach(call.free);
  }
  return out;
}

function matrixAt({ allocate, numbers }: WasmCall, x: TensorInfo, i: number): TensorInfo {
  const matrix = allocate([1, ...x.shape.slice(1)]);
  const size = util.sizeFromShape(matrix.shape);
  numbers(matrix).set(numbers(x).subarray(i * size, (i + 1) * size));
  return matrix;
}
