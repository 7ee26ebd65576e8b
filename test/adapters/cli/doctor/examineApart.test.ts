import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineApart } from '../../../../adapters/cli/doctor/examineApart.js';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Examines by a program of another kind. */
function examinedBy(program: string, limit?: number) {
  const path = join(scratch, 'program.mjs');
  writeFileSync(path, program);
  return examineApart('wasm', limit, path);
}

test('a backend that takes its process down is told of, and takes nothing else down', async () => {
  expect(await examinedBy('process.abort()')).toEqual({
    problem: 'crashes: its process was ended by SIGABRT',
    installed: true,
  });
});

test('a backend that ends its process is told of', async () => {
  expect(await examinedBy('process.exit(3)')).toEqual({ problem: 'its process ended with code 3', installed: true });
});

test('a backend that hangs is given up', async () => {
  expect(await examinedBy('setInterval(() => {}, 1000)', 500)).toEqual({
    problem: 'does not answer within 0.5 s',
    installed: true,
  });
});

test('what the program tells is what was found, whatever it prints', async () => {
  const examination = { name: 'wasm', version: '4.22.0' };
  const program = `console.log('noise'); process.send({ examination: ${JSON.stringify(examination)} }, () => process.disconnect());`;
  expect(await examinedBy(program)).toEqual({ examination });
});
