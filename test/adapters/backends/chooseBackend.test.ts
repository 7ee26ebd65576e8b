import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engine, getBackend } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../../adapters/backends/chooseBackend.js';
import { halfSums, standIn } from '../../standIn.js';

// As on a machine where `sharpstream native` was never run.
beforeEach(() => vi.stubEnv('XDG_CACHE_HOME', join(tmpdir(), 'no-cache')));
afterEach(() => {
  vi.unstubAllEnvs();
  for (const takeAway of standIns.splice(0)) takeAway();
  engine().reset();
});

const standIns: (() => void)[] = [];

const missing = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: 'ERR_MODULE_NOT_FOUND' });

/** Only the named packages are installed; loading one registers its backend. */
const installed =
  (...names: string[]) =>
  async (name: string) => {
    if (!names.includes(name)) throw missing(name);
    if (name.includes('tfjs-node')) standIns.push(standIn('tensorflow'));
    else await import(name);
  };

test('wasm is chosen where no native TensorFlow is installed', async () => {
  // In Node itself: vitest puts stubs in place of packages that are not there.
  const program = `
    import { getBackend } from '@tensorflow/tfjs-core';
    import { chooseBackend } from './dist/adapters/backends/chooseBackend.js';
    console.log(JSON.stringify({ ...(await chooseBackend()), running: getBackend() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(JSON.parse(stdout)).toEqual({
    name: 'wasm',
    running: 'wasm',
    precision: 'float32',
    why:
      '@tensorflow/tfjs-backend-wasm is installed; @tensorflow/tfjs-node-gpu is not installed; ' +
      '@tensorflow/tfjs-node is not installed; TensorFlow of sharpstream native is not installed',
  });
});

test('what the program already runs is left running', async () => {
  await chooseBackend('cpu');
  const precision = 'float32';
  expect(await chooseBackend()).toEqual({ name: 'cpu', why: 'the program runs it already', precision });
  expect(await chooseBackend('cpu')).toEqual({ name: 'cpu', why: 'asked for, and running already', precision });
});

test('a preferred backend replaces the running one', async () => {
  await chooseBackend('cpu');
  expect((await chooseBackend('wasm')).name).toBe('wasm');
  expect(getBackend()).toBe('wasm');
});

test('native TensorFlow comes first where it is installed, on a GPU before all', async () => {
  const load = vi.fn(installed('@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'));
  expect(await chooseBackend(undefined, load)).toEqual({
    name: 'tensorflow',
    why: '@tensorflow/tfjs-node is installed; @tensorflow/tfjs-node-gpu is not installed',
    precision: 'float32',
  });
  expect(load.mock.calls.flat()).toEqual(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']);
});

test('a native TensorFlow that does not load is passed over, and the reason told', async () => {
  const load = async (name: string) => {
    if (name.includes('tfjs-node')) throw new Error('libtensorflow.so.2: cannot open shared object file\nmore');
    await import(name);
  };
  const { name, why } = await chooseBackend(undefined, load);
  expect(name).toBe('wasm');
  expect(why).toContain('@tensorflow/tfjs-node does not load: libtensorflow.so.2: cannot open shared object file');
});

test('a preferred backend that is not installed is an error that says what to install', async () => {
  await expect(chooseBackend('tensorflow')).rejects.toThrow(
    'npm install @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node, or npx sharpstream native',
  );
});

test('an unknown backend is an error that names the known ones', async () => {
  await expect(chooseBackend('cuda')).rejects.toThrow("unknown backend 'cuda'; give one of tensorflow, wasm, cpu");
});

test('a backend that the program registered itself can be preferred', async () => {
  standIns.push(standIn('mine'));
  expect(await chooseBackend('mine')).toEqual({ name: 'mine', why: 'asked for', precision: 'float32' });
});

test('a device that computes in half precision is flagged, and still chosen', async () => {
  standIns.push(standIn('webgl', halfSums));
  const flagged =
    "it computes in half precision on this device, and curvature is refused on it; setBackend('wasm') or 'cpu' first";
  expect(await chooseBackend('webgl')).toEqual({ name: 'webgl', why: `asked for; ${flagged}`, precision: 'half' });
  const again = `the program runs it already; ${flagged}`;
  expect(await chooseBackend()).toEqual({ name: 'webgl', why: again, precision: 'half' });
});

test('where nothing is installed, the error says what runs anywhere', async () => {
  await expect(chooseBackend(undefined, installed())).rejects.toThrow(
    'npm install @tensorflow/tfjs-backend-wasm runs anywhere',
  );
});
