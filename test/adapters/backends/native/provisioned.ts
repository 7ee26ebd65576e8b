import { isProvisioned, nativeFolder } from '../../../../adapters/backends/native/nativeFolder.js';
import type { Device } from '../../../../adapters/backends/native/wheels.js';

/** The cache in which tests look for the native backend: SHARPSTREAM_NATIVE, else the user's own. */
export const nativeCache: NodeJS.ProcessEnv = process.env.SHARPSTREAM_NATIVE
  ? { XDG_CACHE_HOME: process.env.SHARPSTREAM_NATIVE }
  : process.env;

/** What the native backend is tested on: SHARPSTREAM_DEVICE=gpu, else the processor. */
export const device: Device = process.env.SHARPSTREAM_DEVICE === 'gpu' ? 'gpu' : 'cpu';

export const folder = nativeFolder(device, nativeCache);

/** Whether the native backend is there. In CI its absence is an error, elsewhere a reason to skip. */
export function findNative(): boolean {
  if (isProvisioned(folder)) return true;
  const remedy = `no native backend in ${folder}; npx sharpstream native${device === 'gpu' ? ' --gpu' : ''} brings it`;
  if (process.env.CI) throw new Error(remedy);
  console.log(`The tests of the native backend are skipped: ${remedy}.`);
  return false;
}
