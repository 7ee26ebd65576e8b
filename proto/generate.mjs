import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Writes telemetry.gen.js and .d.ts from telemetry.proto: `node proto/generate.mjs [folder]`, this folder by default.
 *
 * A static module on protobufjs/minimal: no reflection and no eval, so that the page runs under `script-src 'self'`.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const pbjs = fileURLToPath(new URL('../node_modules/protobufjs-cli/bin/pbjs', import.meta.url));
const leaner = ['--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service', '--no-create'];
const [folder = here] = process.argv.slice(2);

execFileSync(
  process.execPath,
  [
    pbjs,
    '--root',
    'sharpstream',
    '-t',
    'static-module',
    '-w',
    'esm',
    '--dts',
    ...leaner,
    '-o',
    `${folder}/telemetry.gen.js`,
    'telemetry.proto',
  ],
  { cwd: here, stdio: 'inherit' },
);
