import { mkdtempSync, rm } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as jasmineUtil from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import { ADDON } from '../../adapters/backends/native/compileAddon.js';

/**
 * Loads the specs of tfjs-node that `sharpstream native` has brought along with it. Those of images and of saved models
 * are left out: they read files that the package does not hold.
 */
export async function nodeSpecs(folder: string): Promise<void> {
  jasmineUtil.setTestEnvs([{ name: '-', backendName: 'tensorflow', flags: {}, isDataSync: true }]);
  standIn(folder);
  const require = createRequire(join(folder, 'tfjs-node/package.json'));
  for (const name of NEED_NO_FILES) require(`./dist/${name}_test.js`);
}

const NEED_NO_FILES = [
  'callbacks',
  'canvas',
  'index',
  'int64_tensors',
  'io/file_system',
  'io/io_utils',
  'nodejs_kernel_backend',
  'tensorboard',
  'tfjs_binding',
];

/** What tfjs-node and its specs import, and what is provisioned goes without. */
function standIn(folder: string): void {
  const stands: Readonly<Record<string, unknown>> = {
    '@tensorflow/tfjs': createRequire(import.meta.url)('@tensorflow/tfjs'),
    '@tensorflow/tfjs-core/dist/jasmine_util': jasmineUtil,
    '@mapbox/node-pre-gyp': { find: () => join(folder, ADDON) },
    progress: class {
      tick(): void {}
    },
    rimraf: (path: string, done: () => void) => rm(path, { recursive: true, force: true }, done),
    tmp: { dirSync: () => ({ name: mkdtempSync(join(tmpdir(), 'tfjs-node-')) }) },
  };
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => stands[request] ?? load(request, ...rest);
}
