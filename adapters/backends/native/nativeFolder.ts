import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { REVISION, TENSORFLOW_VERSION, TFJS_VERSION } from './versions.js';
import type { Device } from './wheels.js';

/** Written last: what a finished folder holds, as sizes in bytes by path. */
export const MANIFEST = 'provisioned.json';

/** Where the native backend is kept, outside of any `node_modules`: in the user's cache, as XDG_CACHE_HOME says. */
export function nativeFolder(device: Device, env: NodeJS.ProcessEnv = process.env): string {
  const machine = `${process.platform}-${process.arch}${device === 'gpu' ? '-gpu' : ''}`;
  return join(ofAll(env), `${PREFIX}${TENSORFLOW_VERSION}-tfjs-${TFJS_VERSION}-${REVISION}-${machine}`);
}

/** The folders of native backends that are there: finished or not, and of other versions too, which nobody would miss. */
export function nativeFolders(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const all = ofAll(env);
  const names = existsSync(all) ? readdirSync(all) : [];
  return names
    .filter((name) => name.startsWith(PREFIX))
    .sort()
    .map((name) => join(all, name));
}

const PREFIX = 'tensorflow-';

const ofAll = (env: NodeJS.ProcessEnv): string => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sharpstream');

/** The sizes that a folder lists, by path; none where it is not finished. */
export function listedSizes(folder: string): Readonly<Record<string, number>> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Record<string, number>;
  } catch {
    return undefined;
  }
}

/** Whether a folder holds all that the native backend needs, as large as it was. Reads no file but a small one. */
export function isProvisioned(folder: string): boolean {
  const sizes = listedSizes(folder);
  if (!sizes) return false;
  return Object.entries(sizes).every(
    ([path, size]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === size,
  );
}

/** The folder of the native backend on this machine: for a GPU if that has been brought, else for the processor. */
export function provisionedFolder(env: NodeJS.ProcessEnv = process.env): string {
  const forGpu = nativeFolder('gpu', env);
  return isProvisioned(forGpu) ? forGpu : nativeFolder('cpu', env);
}
