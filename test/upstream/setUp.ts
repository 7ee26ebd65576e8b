import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { loadTensorFlow } from '../../adapters/backends/native/loadTensorFlow.js';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { folder } from '../adapters/backends/native/provisioned.js';
import type { Setting } from './runSpecs.js';

/** Registers a backend, and gives its name in tfjs. */
export async function setUp(setting: string): Promise<string> {
  return SETTINGS[setting as Setting]();
}

const SETTINGS: Readonly<Record<Setting, () => Promise<string>>> = {
  async tensorflow() {
    loadTensorFlow(folder);
    return 'tensorflow';
  },
  async wasm() {
    await import('@tensorflow/tfjs-backend-wasm');
    return 'wasm';
  },
  async 'repaired wasm'() {
    const name = await SETTINGS.wasm();
    repairWasm();
    return name;
  },
};
