import '@tensorflow/tfjs-backend-cpu';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { every, gradientNorm, sam } from 'sharpstream';
import { dashboard, instrument } from 'sharpstream/node';
import { expect, test } from 'vitest';

const lateViewer = fileURLToPath(new URL('../adapters/hub/lateViewer.mjs', import.meta.url));
const BLOCK_MS = 10_000;

interface Sight {
  /** Milliseconds since 1970, and how many values had been seen by then. */
  readonly at: number;
  readonly count: number;
}

test('a loop that trains 10 s without yielding is watched by one viewer, and by a second that connects meanwhile', async () => {
  await tf.setBackend('cpu');
  const net = layers.layers.dense({ inputShape: [8], units: 3 });
  const model = layers.sequential({ layers: [net] });
  const [x, y] = [tf.randomNormal([32, 8]), tf.randomNormal([32, 3])];
  const optimizer = tf.train.sgd(0.01);
  const sink = dashboard({ port: 0 });
  const run = instrument(optimizer, {
    interventions: [sam({ rho: 0.05 })],
    metrics: [[gradientNorm(), every(1)]],
    sinks: [sink],
  });
  const failures: string[] = [];
  run.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
  const url = new URL('/stream', await sink.url());
  url.protocol = 'ws';
  const watching = (from: number, forMs: number): Promise<Sight[]> =>
    promisify(execFile)(process.execPath, [lateViewer, url.href, String(from), String(forMs)]).then(({ stdout }) =>
      JSON.parse(stdout),
    );
  const viewers = [watching(1000, 8000), watching(5000, 4000)];

  const began = Date.now();
  let steps = 0;
  while (Date.now() < began + BLOCK_MS) {
    optimizer.minimize(() => tf.mean(tf.square(tf.sub(net.apply(x) as tf.Tensor, y))) as tf.Scalar);
    steps++;
  }
  const ended = Date.now();

  for (const seen of await Promise.all(viewers)) {
    const meanwhile = seen.filter(({ at, count }) => at < ended && count > 0);
    expect(meanwhile.length).toBeGreaterThan(1);
    // The past is there at once, and the curves grow.
    expect(meanwhile[0]!.count).toBeGreaterThan(20);
    expect(meanwhile.at(-1)!.count).toBeGreaterThan(meanwhile[0]!.count);
  }
  await run.stop();
  expect(steps).toBeGreaterThan(100);
  expect(failures).toEqual([]);
  model.dispose();
}, 60_000);
