import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { loadTensorFlow } from '../../adapters/backends/native/loadTensorFlow.js';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { folder } from '../adapters/backends/native/provisioned.js';
import { nodeSpecs } from './nodeSpecs.js';
import type { Specs } from './runSpecs.js';

/** Registers the backend that specs are for, then the specs. */
export const loadSpecs = (name: string): Promise<void> => LOAD[name as Specs]();

const LOAD: Readonly<Record<Specs, () => Promise<void>>> = {
  async 'tfjs-core on tensorflow'() {
    loadTensorFlow(folder);
    await coreSpecs('tensorflow');
  },
  async 'tfjs-node on tensorflow'() {
    loadTensorFlow(folder);
    await nodeSpecs(folder);
  },
  async 'tfjs-core on wasm'() {
    await import('@tensorflow/tfjs-backend-wasm');
    await coreSpecs('wasm');
  },
  async 'tfjs-core on repaired wasm'() {
    await import('@tensorflow/tfjs-backend-wasm');
    repairWasm();
    await coreSpecs('wasm');
  },
};

/** They must be told their backend before they are loaded; what it is called stands in their names, and is no matter. */
async function coreSpecs(backendName: string): Promise<void> {
  const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util.js');
  setTestEnvs([{ name: '-', backendName, flags: {}, isDataSync: true }]);
  await import('@tensorflow/tfjs-core/dist/tests.js');
}
