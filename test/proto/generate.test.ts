import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const proto = fileURLToPath(new URL('../../proto', import.meta.url));

test('the generated module is that of telemetry.proto', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'sharpstream-proto-'));
  try {
    execFileSync(process.execPath, [join(proto, 'generate.mjs'), fresh]);
    for (const file of ['telemetry.gen.js', 'telemetry.gen.d.ts']) {
      expect(readFileSync(join(proto, file), 'utf8')).toBe(readFileSync(join(fresh, file), 'utf8'));
    }
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

test('the generated module has no eval', () => {
  expect(readFileSync(join(proto, 'telemetry.gen.js'), 'utf8')).not.toMatch(/\beval\(|\bFunction\(/);
});
