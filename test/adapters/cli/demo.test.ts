import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { DemoResult } from '../../../adapters/cli/demo.js';

const main = join(import.meta.dirname, '../../../dist/adapters/cli/main.js');

/** Runs the command as a user would, and tells how it ended. */
const sharpstream = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [main, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

test('the demo trains on real digits, measures all four streams, and sends the same numbers to a Collector', async () => {
  const received: { path: string | undefined; type: string | undefined; body: string }[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url,
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString('latin1'),
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

  const { code, stdout, stderr } = await sharpstream('demo', '--steps', '40', '--otlp', url, '--json');
  collector.close();
  expect({ code, stderr: stderr.replace(/[\s\S]*?={10,}[\s\S]*?={10,}\s*/, '') }).toEqual({ code: 0, stderr: '' });
  const result: DemoResult = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
  expect(result.steps).toBe(40);
  expect(result.stepMs).toBeGreaterThan(0);
  expect(result.overheadShare).toBeGreaterThan(0);
  expect(result.overheadShare).toBeLessThan(1);
  const last = (name: string) => result.measurements.find((m) => m.name === name);
  for (const name of [
    'hessian.top_eigenvalue',
    'sharpness.sam',
    'gauss_newton.trace',
    'nme.trace',
    'nme.norm',
    'features.rank',
    'features.effective_rank',
    'confidence.slope',
    'gradient.norm',
    'sam.gap',
    'step.duration',
    'overhead.share',
  ]) {
    expect(last(name)?.value, name).toSatisfy(Number.isFinite);
  }
  expect(last('train.loss')!.step).toBe(39);
  expect(last('gradient.evaluations')!.value).toBe(2);
  // Forty steps from chance, which is a tenth.
  expect(result.testAccuracy).toBeGreaterThan(0.4);

  expect(received.length).toBeGreaterThan(0);
  expect(received.at(-1)).toMatchObject({ path: '/v1/metrics', type: 'application/x-protobuf' });
  for (const name of ['hessian.top_eigenvalue', 'features.rank', 'nme.trace', 'confidence.slope']) {
    expect(received.at(-1)!.body).toContain(name);
  }
}, 120_000);

test.each([
  [['demo', '--steps', 'many'], '--steps must be a whole number >= 1, got many'],
  [['demo', '--port', '1.5'], '--port must be a whole number >= 0, got 1.5'],
  [['demo', '--backend', 'abacus'], "unknown backend 'abacus'"],
  [['demo', '--otlp', 'nowhere', '--no-dashboard'], '--otlp must be a URL such as http://localhost:4318, got nowhere'],
  [['demo', '--speed', '9'], 'Unknown option `--speed`; sharpstream demo --help lists the options'],
  [['dmeo'], "unknown command 'dmeo'"],
])('sharpstream %s is refused in a sentence', async (args, sentence) => {
  const { code, stderr } = await sharpstream(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^sharpstream: /);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});

test('help lists the command and its options', async () => {
  const { code, stdout } = await sharpstream('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('demo');
  expect((await sharpstream('demo', '--help')).stdout).toContain('--otlp <url>');
});
