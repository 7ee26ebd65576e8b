import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

/** Writes wasmGradientsCode.ts from wasmGradients.wat: `node adapters/backends/assembleWasmGradients.mjs [file]`. */
const [file = new URL('./wasmGradientsCode.ts', import.meta.url)] = process.argv.slice(2);

const text = readFileSync(new URL('./wasmGradients.wat', import.meta.url), 'utf8');
const module = (await wabt()).parseWat('wasmGradients.wat', text, { simd: true });
module.validate({ simd: true });
const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = code.match(/.{1,110}/g).map((line) => `  '${line}',`);
writeFileSync(
  file,
  `/** wasmGradients.wat, assembled by assembleWasmGradients.mjs, in base64. */
export const wasmGradientsCode = [
${lines.join('\n')}
].join('');
`,
);
