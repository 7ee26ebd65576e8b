import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tfjs from '@tensorflow/tfjs-core';
import { argExtremes } from './argExtremes.js';
import { batchMatMul } from './batchMatMul.js';
import { ADDON } from './compileAddon.js';
import { decompositions } from './decompositions.js';
import { DEPTHWISE, depthwiseInFull } from './depthwiseInFull.js';
import { exp } from './exp.js';
import { histogramBuckets } from './histogramBuckets.js';
import { maxPoolGrad } from './maxPoolGrad.js';
import { maxPoolWithArgmax } from './maxPoolWithArgmax.js';
import { isProvisioned, provisionedFolder } from './nativeFolder.js';
import type { NodeBackend } from './nodeBackend.js';
import { SHARED_TFJS } from './nodeBackendFiles.js';
import { POOLING, poolingOfNothing } from './poolingOfNothing.js';
import { prelu } from './prelu.js';
import { COPYING, sharing } from './sharing.js';
import { step } from './step.js';
import { sumAtPlaces } from './sumAtPlaces.js';

/**
 * Registers the backend `tensorflow` that `sharpstream native` has provisioned, with the program's own tfjs; then
 * `setBackend('tensorflow')` runs on it, the one for a GPU where both have been. Nothing is installed or written. Once
 * for each thread; where there is a backend of that name already, nothing happens.
 *
 * Beyond tfjs-node it has `tf.maxPoolWithArgmax` and the kernels `SelfAdjointEigV2`, `Svd`, `SingularValues` and
 * `SumAtPlaces`. Its `tf.prelu`, `tf.exp`, `tf.argMax`, `tf.argMin` and histograms do without chained ops; its `tf.step`
 * takes integers, and a third of the time; its `tf.matMul` keeps its speed in layers of 1,024 and 2,048 units; the gradient
 * of its `tf.maxPool` takes a third of the time unless windows overlap, and pooling may find no window; its `tf.reshape` and
 * `tf.cast` ask TensorFlow only where there is something to do. On a GPU its `tf.depthwiseConv2d` has dilations, and strides
 * that differ.
 *
 * What of these is not set in the environment is set here: TF_CPP_MIN_LOG_LEVEL=2 silences TensorFlow's notices.
 * TF_ENABLE_ONEDNN_OPTS=1 has products and convolutions computed by oneDNN, which TensorFlow asks on processors with AVX-512
 * only: on others steps of large networks take a fourth to a third less, those of very small ones 5 % more. On a GPU
 * NVIDIA_TF32_OVERRIDE=0 keeps products of float32, whose factors NVIDIA's libraries would round to 11 bits. The environment
 * is that of the process, so where it loads in worker threads only, set them before.
 *
 * @throws NotProvisioned if `sharpstream native` has not been run.
 */
export function loadTensorFlow(folder = provisionedFolder()): void {
  if (tfjs.findBackendFactory('tensorflow')) return;
  if (!isProvisioned(folder)) throw new NotProvisioned(folder);
  const forGpu = existsSync(join(folder, 'nvidia'));
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  if (forGpu) process.env.NVIDIA_TF32_OVERRIDE ??= '0';
  const require = createRequire(join(folder, 'tfjs-node/package.json'));
  bridge(require('node:util'));
  Object.assign(globalThis, { [Symbol.for(SHARED_TFJS)]: tfjs });

  const addon: unknown = require(join(folder, ADDON));
  const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as NodeModule;
  registerKernels(() => require('./dist/register_all_kernels.js'), forGpu);
  // By its name alone tfjs-node-gpu is told from tfjs-node, whose files it has.
  const name = forGpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const create = (): NodeBackend => Object.assign(new NodeJSKernelBackend(addon, name), { buckets: histogramBuckets });
  tfjs.registerBackend('tensorflow', create, PRIORITY);
}

/** The native backend is not on this machine. */
export class NotProvisioned extends Error {
  override readonly name = 'NotProvisioned';
  constructor(folder: string) {
    super(`the native backend is not in ${folder}; npx sharpstream native brings it`);
  }
}

interface NodeModule {
  NodeJSKernelBackend: new (addon: unknown, packageName: string) => NodeBackend;
}

/** Above wasm, as tfjs-node has it. */
const PRIORITY = 3;

/** What tfjs-node lacks, and what it does worse. */
const KERNELS = [...decompositions, ...argExtremes, exp, maxPoolWithArgmax, prelu, step];

/** What is made for the processor: by oneDNN, around it, or by operations that TensorFlow has there. */
const ON_PROCESSOR = [batchMatMul, maxPoolGrad, sumAtPlaces];

let registered = false;

/** An installed tfjs-node whose addon does not load has left its kernels behind: they give way. */
function registerKernels(load: () => void, forGpu: boolean): void {
  if (registered) return;
  for (const { kernelName } of tfjs.getKernelsForBackend('tensorflow')) tfjs.unregisterKernel(kernelName, 'tensorflow');
  load();
  for (const kernel of forGpu ? KERNELS : [...KERNELS, ...ON_PROCESSOR]) replace(kernel);
  change(COPYING, sharing);
  change(POOLING, poolingOfNothing);
  if (forGpu) change(DEPTHWISE, depthwiseInFull);
  registered = true;
}

function change(names: readonly string[], to: (kernel: tfjs.KernelConfig) => tfjs.KernelConfig): void {
  for (const name of names) replace(to(tfjs.getKernel(name, 'tensorflow')));
}

function replace(kernel: tfjs.KernelConfig): void {
  if (tfjs.getKernel(kernel.kernelName, 'tensorflow')) tfjs.unregisterKernel(kernel.kernelName, 'tensorflow');
  tfjs.registerKernel(kernel);
}

/** tfjs-node asks Node for two functions that Node 22 warns of and later ones no longer have. */
function bridge(util: { isNullOrUndefined?: unknown; isArray?: unknown }): void {
  util.isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
  util.isArray = Array.isArray;
}
