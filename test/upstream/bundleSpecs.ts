import { join } from 'node:path';
import { build } from 'vite';

/**
 * Bundles the program that runs tfjs's specs, and gives its path: their files import each other as bundlers, and not
 * Node, resolve.
 *
 * tfjs-core is in the bundle for its specs, and outside of it for the backends, as a user's program has it: the two
 * share engine and kernels. The wasm backend stays outside to find its binary.
 */
export async function bundleSpecs(): Promise<string> {
  const outDir = join(ROOT, 'dist/test/upstream');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [KEEP],
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'specProgram.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { external: [/^@tensorflow\/tfjs-(core|backend-wasm)$/] },
    },
  });
  return join(outDir, 'specProgram.js');
}

const ROOT = join(import.meta.dirname, '../..');

/** The packages say of specs that importing them has no effect, and so they would be left out. */
const KEEP = {
  name: 'keep-specs',
  transform: (code: string) => ({ code, map: null, moduleSideEffects: true }),
};
