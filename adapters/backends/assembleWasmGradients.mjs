import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes wasmGradientsCode.ts from wasmGradients.wat: `node adapters/backends/assembleWasmGradients.mjs [file]`. */
const pathOf = (place) => fileURLToPath(new URL(place, import.meta.url));
const [file = pathOf('./wasmGradientsCode.ts')] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'sharpstream-wat-'));
const assembled = join(folder, 'wasmGradients.wasm');
execFileSync(process.execPath, [
  pathOf('../../node_modules/wabt/bin/wat2wasm'),
  pathOf('./wasmGradients.wat'),
  `--output=${assembled}`,
]);
const lines = readFileSync(assembled)
  .toString('base64')
  .match(/.{1,110}/g)
  .map((line) => `  '${line}',`);
rmSync(folder, { recursive: true });

writeFileSync(
  file,
  `/** wasmGradients.wat, assembled by assembleWasmGradients.mjs, in base64. */
export const wasmGradientsCode = [
${lines.join('\n')}
].join('');
`,
);
