import {
  _FusedMatMul,
  BatchMatMul,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  MaxPoolGrad,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { wasmConv2DBackpropFilter } from './wasmConv2DBackpropFilter.js';
import { wasmConv2DBackpropInput } from './wasmConv2DBackpropInput.js';
import { wasmMatMul } from './wasmMatMul.js';
import { wasmMaxPoolGrad } from './wasmMaxPoolGrad.js';

/**
 * Makes the wasm backend of tfjs train: `Conv2DBackpropFilter`, without which no convolutional network trains on it at all;
 * a right gradient of max pooling, which stock loses where a window holds nothing above 0; fast products of transposed
 * matrices and fast gradients of convolutions. Opt-in, once for the process, before or after the backend is set up: what
 * it replaces are registered kernels, so every program that shares tfjs has them.
 *
 * Still wrong or missing on wasm afterwards: the gradient of average pooling with padding 'same', that of conv3d's input;
 * maxPool3d, maxPoolWithArgmax and dilation2d of windows with nothing above 0; conv2d with a number as padding and unequal
 * strides or filter sides, which writes outside its memory; the gradients of depthwise convolution and of gather
 * (embeddings).
 *
 * @returns a function that puts the kernels back as they were.
 * @throws Error if the wasm backend is not loaded.
 */
export function repairWasm(): () => void {
  undo ??= repair();
  return undo;
}

let undo: (() => void) | undefined;

function repair(): () => void {
  const putBack = [
    replace(BatchMatMul, wasmMatMul),
    replace(_FusedMatMul, wasmMatMul),
    replace(Conv2DBackpropInput, wasmConv2DBackpropInput),
    replace(MaxPoolGrad, () => wasmMaxPoolGrad),
    provide(Conv2DBackpropFilter, wasmConv2DBackpropFilter),
  ];
  const undoThis = (): void => {
    for (const f of putBack.splice(0)) f();
    if (undo === undoThis) undo = undefined;
  };
  return undoThis;
}

function replace(kernelName: string, better: (stock: KernelFunc) => KernelFunc): () => void {
  const stock = getKernel(kernelName, 'wasm');
  if (!stock)
    throw new Error(`repairWasm: no kernel ${kernelName} for wasm; import '@tensorflow/tfjs-backend-wasm' first`);
  unregisterKernel(kernelName, 'wasm');
  return register({ ...stock, kernelFunc: better(stock.kernelFunc) }, stock);
}

/** Only where tfjs has none: a later version may. */
function provide(kernelName: string, kernelFunc: KernelFunc): () => void {
  if (getKernel(kernelName, 'wasm')) return () => {};
  return register({ kernelName, backendName: 'wasm', kernelFunc });
}

function register(ours: KernelConfig, stock?: KernelConfig): () => void {
  registerKernel(ours);
  return () => {
    // Somebody may have replaced it since; theirs stays.
    if (getKernel(ours.kernelName, 'wasm') !== ours) return;
    unregisterKernel(ours.kernelName, 'wasm');
    if (stock) registerKernel(stock);
  };
}
