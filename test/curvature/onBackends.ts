import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { loadTensorFlow } from '../../adapters/backends/native/loadTensorFlow.js';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { findNative, folder } from '../adapters/backends/native/provisioned.js';

export type TestedBackend = 'cpu' | 'wasm' | 'tensorflow';

const found = findNative();

/** The backends on which second derivatives are to be exact: wasm as the commands use it, tensorflow where it is provisioned. */
export function onBackends(tests: (backend: TestedBackend) => void): void {
  describe.each<TestedBackend>(['cpu', 'wasm'])('on %s', (backend) => inside(backend, tests));
  describe.skipIf(!found)('on tensorflow', () => inside('tensorflow', tests));
}

function inside(backend: TestedBackend, tests: (backend: TestedBackend) => void): void {
  beforeAll(async () => {
    await start(backend);
  });
  tests(backend);
}

/** Sets up a backend in a test of its own. */
export async function start(backend: TestedBackend): Promise<void> {
  if (backend === 'tensorflow') loadTensorFlow(folder);
  if (backend === 'wasm') {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}/`);
    repairWasm();
  }
  await tf.setBackend(backend);
  await tf.ready();
}
