import {
  _FusedMatMul,
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  AvgPoolGrad,
  BatchMatMul,
  Cast,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  FusedConv2D,
  FusedDepthwiseConv2D,
  getKernel,
  Identity,
  type KernelConfig,
  type KernelFunc,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  registerKernel,
  Sum,
  UnsortedSegmentSum,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { explicitlyPadded } from './explicitPad.js';
import { wasmAvgPool3D } from './wasmAvgPool3D.js';
import { wasmAvgPoolGrad } from './wasmAvgPoolGrad.js';
import { wasmConv2DBackpropFilter } from './wasmConv2DBackpropFilter.js';
import { wasmConv2DBackpropInput } from './wasmConv2DBackpropInput.js';
import { wasmConv3D } from './wasmConv3D.js';
import { wasmConv3DBackpropFilter } from './wasmConv3DBackpropFilter.js';
import { wasmConv3DBackpropInput } from './wasmConv3DBackpropInput.js';
import { wasmDepthwiseConv2DBackpropFilter } from './wasmDepthwiseConv2DBackpropFilter.js';
import { wasmDepthwiseConv2DBackpropInput } from './wasmDepthwiseConv2DBackpropInput.js';
import { wasmCast, wasmIdentity } from './wasmIdentity.js';
import { wasmMatMul } from './wasmMatMul.js';
import { wasmMaxPool3D } from './wasmMaxPool3D.js';
import { wasmMaxPoolGrad } from './wasmMaxPoolGrad.js';
import { wasmSum } from './wasmSum.js';
import { wasmUnsortedSegmentSum } from './wasmUnsortedSegmentSum.js';

/**
 * Makes the wasm backend of tfjs train every layer of tfjs-layers, and train it right. It brings what tfjs-wasm lacks:
 * the gradients of convolution in its filter, of depthwise convolution, and of gather (embeddings). It mends what is
 * wrong: average pooling's gradient with padding 'same', the gradients of conv3d, max pooling of windows that hold
 * nothing above 0, convolution and pooling in three dimensions with padding 'same' and a stride longer than its window,
 * and those in two with a number for padding and unequal strides or sides, which write outside their memory. And it
 * makes products of transposed matrices, sums over leading dimensions and gradients of convolution fast.
 *
 * Opt-in, once for the process, before or after the backend is set up: what it replaces are registered kernels, so every
 * program that shares tfjs has them.
 *
 * Still wrong on wasm afterwards: maxPoolWithArgmax and dilation2d of windows with nothing above 0. Missing in tfjs on
 * every backend: the gradients of dilated convolutions and of conv3dTranspose.
 *
 * @returns a function that puts the kernels back as they were.
 * @throws Error if the wasm backend is not loaded.
 */
export function repairWasm(): () => void {
  undo ??= repair();
  return undo;
}

let undo: (() => void) | undefined;

/** What tfjs has, by what is better. */
const REPLACED: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  [BatchMatMul]: wasmMatMul,
  [_FusedMatMul]: wasmMatMul,
  [Conv2DBackpropInput]: wasmConv2DBackpropInput,
  [Conv3D]: () => wasmConv3D,
  [Conv3DBackpropFilterV2]: () => wasmConv3DBackpropFilter,
  [Conv3DBackpropInputV2]: () => wasmConv3DBackpropInput,
  [MaxPoolGrad]: () => wasmMaxPoolGrad,
  [MaxPool3D]: () => wasmMaxPool3D,
  [MaxPool3DGrad]: () => wasmMaxPoolGrad,
  [AvgPoolGrad]: () => wasmAvgPoolGrad,
  [AvgPool3D]: () => wasmAvgPool3D,
  [AvgPool3DGrad]: () => wasmAvgPoolGrad,
  [Conv2D]: explicitlyPadded,
  [FusedConv2D]: explicitlyPadded,
  [DepthwiseConv2dNative]: explicitlyPadded,
  [FusedDepthwiseConv2D]: explicitlyPadded,
  [MaxPool]: explicitlyPadded,
  [AvgPool]: explicitlyPadded,
  [Sum]: wasmSum,
  [Identity]: () => wasmIdentity,
  [Cast]: wasmCast,
};

/** What tfjs lacks. */
const PROVIDED: Readonly<Record<string, KernelFunc>> = {
  [Conv2DBackpropFilter]: wasmConv2DBackpropFilter,
  [DepthwiseConv2dNativeBackpropFilter]: wasmDepthwiseConv2DBackpropFilter,
  [DepthwiseConv2dNativeBackpropInput]: wasmDepthwiseConv2DBackpropInput,
  [UnsortedSegmentSum]: wasmUnsortedSegmentSum,
};

function repair(): () => void {
  const putBack = [
    ...Object.entries(REPLACED).map(([name, better]) => replace(name, better)),
    ...Object.entries(PROVIDED).map(([name, kernel]) => provide(name, kernel)),
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
