import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmPackage } from './npmPackage.js';
import { PROTOBUF, TFJS_NODE } from './versions.js';

/** The global under which `loadTensorFlow` leaves the program's own tfjs for tfjs-node to find. */
export const SHARED_TFJS = 'sharpstream.tfjs';

/**
 * The JavaScript and C++ of tfjs-node into `folder`, as `tfjs-node`. Where it imports tfjs, it gets that of the program:
 * its own would be 300 MB more, and a second copy of every class.
 */
export async function nodeBackendFiles(python: string, folder: string): Promise<void> {
  const home = join(folder, 'tfjs-node');
  await npmPackage(python, TFJS_NODE, home);
  await npmPackage(python, PROTOBUF, join(home, 'node_modules', PROTOBUF.name));
  for (const name of ['tfjs', 'tfjs-core']) {
    const shared = join(home, 'node_modules', '@tensorflow', name);
    mkdirSync(shared, { recursive: true });
    writeFileSync(join(shared, 'index.js'), `module.exports = globalThis[Symbol.for('${SHARED_TFJS}')];\n`);
  }
}
