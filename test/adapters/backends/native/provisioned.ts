import { isProvisioned, nativeFolder } from '../../../../adapters/backends/native/nativeFolder.js';

/** The cache in which tests look for the native backend: SHARPSTREAM_NATIVE, else the user's own. */
export const nativeCache: NodeJS.ProcessEnv = process.env.SHARPSTREAM_NATIVE
  ? { XDG_CACHE_HOME: process.env.SHARPSTREAM_NATIVE }
  : process.env;

export const folder = nativeFolder('cpu', nativeCache);

/** Whether the native backend is there. In CI its absence is an error, elsewhere a reason to skip. */
export function findNative(): boolean {
  if (isProvisioned(folder)) return true;
  const remedy = `no native backend in ${folder}; npx sharpstream native brings it`;
  if (process.env.CI) throw new Error(remedy);
  console.log(`The tests of the native backend are skipped: ${remedy}.`);
  return false;
}
