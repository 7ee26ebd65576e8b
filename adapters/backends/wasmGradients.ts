import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmGradientsCode } from './wasmGradientsCode.js';

/** The functions of wasmGradients.wat, which says what they do. */
export interface WasmGradients {
  correlate(sums: number, x: number, y: number, n: number, rows: number, stride: number, columns: number): void;
  route(x: number, dx: number, dy: number, cells: number, count: number, channels: number): void;
}

/**
 * The functions over the memory of a wasm backend; `undefined` where they cannot be: without SIMD, on memory that threads
 * share, or on a tfjs-wasm that does not show its memory.
 */
export function wasmGradients(backend: BackendWasm): WasmGradients | undefined {
  if (!made.has(backend)) made.set(backend, instantiate(backend));
  return made.get(backend);
}

/** As much of it as is used: neither Node's types nor the language's have it, only the browser's. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly CompileError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
};

const made = new WeakMap<BackendWasm, WasmGradients | undefined>();

function instantiate(backend: BackendWasm): WasmGradients | undefined {
  const { asm } = backend.wasm as unknown as { asm?: { memory?: object } };
  if (!asm?.memory) return undefined;
  try {
    const code = Uint8Array.from(atob(wasmGradientsCode), (letter) => letter.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { tfjs: { memory: asm.memory } });
    return exports as WasmGradients;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) return undefined;
    throw error;
  }
}
