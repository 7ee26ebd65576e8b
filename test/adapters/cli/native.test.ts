import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MANIFEST, nativeFolder } from '../../../adapters/backends/native/nativeFolder.js';
import type { Device } from '../../../adapters/backends/native/wheels.js';

let cache: NodeJS.ProcessEnv;
beforeEach(() => {
  cache = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'native-')) };
});
afterEach(() => rmSync(cache.XDG_CACHE_HOME!, { recursive: true }));

/** A finished folder, as far as the command looks. */
function finished(device: Device): string {
  const folder = nativeFolder(device, cache);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'library'), '12345');
  writeFileSync(join(folder, MANIFEST), JSON.stringify({ library: 5 }));
  return folder;
}

const command = join(import.meta.dirname, '../../../dist/adapters/cli/main.js');

/** The command on a machine without Python and compiler, so that it cannot but look. */
function native(...options: string[]): Record<string, unknown> {
  const env = { ...process.env, ...cache, PYTHON: 'no-python', CXX: 'no-compiler' };
  const printed = execFileSync(process.execPath, [command, 'native', ...options, '--json'], { env, encoding: 'utf8' });
  return JSON.parse(printed.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

test.each([
  ['cpu', []],
  ['gpu', ['--gpu']],
] as const)('native for %s, run again, only says what is there', (device, options) => {
  const folder = finished(device);
  expect(native(...options)).toMatchObject({ device, folder, version: '2.16.2', bytes: 5, already: true });
});

test('native --remove takes away whatever was brought, by an earlier version too, and says what', () => {
  const earlier = join(cache.XDG_CACHE_HOME!, 'sharpstream/tensorflow-2.15.0-tfjs-4.21.0-1-linux-x64.partial');
  mkdirSync(earlier, { recursive: true });
  const folders = [earlier, finished('cpu'), finished('gpu')];
  expect(native('--remove')).toEqual({ removed: folders });
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
  expect(native('--remove')).toEqual({ removed: [] });
});
