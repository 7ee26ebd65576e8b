import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { npmPackage } from './npmPackage.js';
import { runProgram } from './runProgram.js';
import { NODE_API_HEADERS } from './versions.js';
import { LIBRARIES } from './wheels.js';

export const ADDON = 'tfjs_binding.node';

/** Builds the addon of tfjs-node against the libraries in `folder`, which it finds beside itself wherever that is. */
export async function compileAddon(python: string, compiler: string, folder: string): Promise<void> {
  const addon = join(folder, ADDON);
  if (existsSync(addon)) return;
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(folder, 'tfjs-node/binding', name));
  const includes = [await nodeHeaders(python, folder), join(folder, 'include')].map((path) => `-I${path}`);
  const libraries = [`-L${join(folder, 'lib')}`, ...LIBRARIES.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN/lib'];
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`];
  await runProgram(compiler, [...flags, ...includes, ...sources, '-o', `${addon}.new`, ...libraries]);
  renameSync(`${addon}.new`, addon);
}

/** The version of Node's interface that tfjs-node is written for; Node 20 and later have it. */
const NODE_API = 8;

/** Those of Node itself where they are installed, else those of the package that holds only them. */
async function nodeHeaders(python: string, folder: string): Promise<string> {
  const installed = [join(dirname(process.execPath), '../include/node'), '/usr/include/node'];
  const found = installed.find((path) => existsSync(join(path, 'node_api.h')));
  if (found) return found;
  const headers = join(folder, 'headers');
  await npmPackage(python, NODE_API_HEADERS, headers);
  return join(headers, 'include');
}
