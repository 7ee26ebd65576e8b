import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { dashboard } from '../../../adapters/hub/dashboard.js';
import { streamOf } from './viewer.js';

const workerUrl = new URL('../../../dist/adapters/hub/worker.js', import.meta.url);
const lateViewer = fileURLToPath(new URL('./lateViewer.mjs', import.meta.url));
const RUN = { id: 'a', name: 'a run', started: Date.now() };

/** Blocks this thread as a synchronous training step does. */
const block = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a viewer that connects while the loop never yields sees the past, and values that grow', async () => {
  const sink = dashboard({ port: 0, workerUrl });
  sink.open!(RUN, () => undefined);
  const url = streamOf(await sink.url()).href;
  const looking = promisify(execFile)(process.execPath, [lateViewer, url, '500', '1500']);

  const began = Date.now();
  let steps = 0;
  while (Date.now() < began + 3000) {
    block(10);
    sink.write([{ name: 'train.loss', unit: '1', step: steps, value: 1 / ++steps, attributes: {} }], RUN);
  }
  const ended = Date.now();

  const seen: { at: number; count: number }[] = JSON.parse((await looking).stdout);
  const meanwhile = seen.filter(({ at }) => at < ended);
  const past = meanwhile.findIndex(({ count }) => count > 0);
  expect(past).toBeGreaterThanOrEqual(0);
  expect(meanwhile[past]!.count).toBeGreaterThan(20);
  expect(meanwhile.at(-1)!.count).toBeGreaterThan(meanwhile[past]!.count + 20);
  await sink.end!(RUN);
  await sink.close!();
});
