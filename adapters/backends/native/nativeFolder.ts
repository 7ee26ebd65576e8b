import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TENSORFLOW_VERSION, TFJS_VERSION } from './versions.js';

/** Written last: what a finished folder holds, as sizes in bytes by path. */
export const MANIFEST = 'provisioned.json';

/** Where the native backend is kept, outside of any `node_modules`: in the user's cache, as XDG_CACHE_HOME says. */
export function nativeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const machine = `${process.platform}-${process.arch}`;
  return join(cache, 'sharpstream', `tensorflow-${TENSORFLOW_VERSION}-tfjs-${TFJS_VERSION}-${machine}`);
}

/** Whether a folder holds all that the native backend needs, as large as it was. Reads no file but a small one. */
export function isProvisioned(folder: string): boolean {
  try {
    const sizes = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Record<string, number>;
    return Object.entries(sizes).every(([path, size]) => statSync(join(folder, path)).size === size);
  } catch {
    return false;
  }
}
