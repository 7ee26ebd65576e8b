import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type WasmGradients, wasmGradients } from './wasmGradients.js';

/** Runs a kernel within another: one of the wasm backend by its name, or the function of one. */
export type Run = (kernel: string | KernelFunc, inputs: NamedTensorInfoMap, attrs?: NamedAttrMap) => TensorInfo;

export interface WasmCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly run: Run;
  /** Uninitialised float32 numbers. */
  readonly allocate: (shape: number[]) => TensorInfo;
  /** The numbers themselves, until memory is next allocated, for then the heap may move. */
  readonly numbers: (x: TensorInfo) => Float32Array;
  /** Where the numbers lie in memory, in bytes. */
  readonly pointer: (x: TensorInfo) => number;
  /** Frees early what would be freed at the end. */
  readonly free: (x: TensorInfo) => void;
  /** Where the backend can have them. */
  readonly gradients: WasmGradients | undefined;
}

/**
 * A kernel of the wasm backend composed of the ones it has.
 *
 * They are called below the engine, so nothing is taped and no tensor is made. Whatever `run` and `allocate` made is
 * freed, but for the result, which must be one of these and not an input.
 */
export function wasmKernel(body: (call: WasmCall) => TensorInfo): KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const wasm = backend as BackendWasm;
    const made: TensorInfo[] = [];
    const keep = (t: TensorInfo): TensorInfo => {
      made.push(t);
      return t;
    };
    let result: TensorInfo | undefined;
    try {
      result = body({
        inputs,
        attrs,
        run: (kernel, inputs, attrs = {}) => keep(functionOf(kernel)({ inputs, attrs, backend }) as TensorInfo),
        allocate: (shape) => keep(wasm.makeOutput(shape, 'float32')),
        numbers: (x) => wasm.typedArrayFromHeap(x) as Float32Array,
        pointer: (x) => wasm.typedArrayFromHeap(x).byteOffset,
        free: (x) => wasm.disposeData(x.dataId),
        gradients: wasmGradients(wasm),
      });
      return result;
    } finally {
      for (const t of made) if (t !== result) wasm.disposeData(t.dataId);
    }
  };
}

function functionOf(kernel: string | KernelFunc): KernelFunc {
  if (typeof kernel === 'function') return kernel;
  const registered = getKernel(kernel, 'wasm');
  if (!registered)
    throw new Error(`the wasm backend has no kernel ${kernel}; import all of @tensorflow/tfjs-backend-wasm`);
  return registered.kernelFunc;
}

export const reshape = (run: Run, x: TensorInfo, shape: number[]): TensorInfo => run('Reshape', { x }, { shape });

export const transpose = (run: Run, x: TensorInfo, perm: number[]): TensorInfo => run('Transpose', { x }, { perm });
