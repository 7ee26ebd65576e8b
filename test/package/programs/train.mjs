import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {
  confidence,
  every,
  featureRank,
  gaussNewtonTrace,
  gradientNorm,
  hessianTrace,
  nmeNorm,
  nmeTrace,
  sam,
  samSharpness,
  topEigenvalue,
} from 'sharpstream';
import { dashboard, instrument, logits, memory } from 'sharpstream/node';
import { WebSocket } from 'ws'; // comes with sharpstream

await tf.setBackend('cpu');
const network = () =>
  layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: 'tanh' }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
const model = network();
model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
const x = tf.randomUniform([16, 6, 6, 1], 0, 1, 'float32', 7);
const y = tf.oneHot(
  tf.tensor1d(
    [...Array(16).keys()].map((i) => i % 3),
    'int32',
  ),
  3,
);

const page = dashboard({ port: 0 });
const kept = memory();
const probes = [
  topEigenvalue(),
  hessianTrace(),
  gaussNewtonTrace(),
  nmeTrace(),
  nmeNorm(),
  samSharpness({ rho: 0.05 }),
  featureRank(),
  confidence({ teacher: logits(network()), on: { x, y } }),
  gradientNorm(),
];
const run = instrument(model, {
  interventions: [sam({ rho: 0.05 })],
  metrics: probes.map((probe) => [probe, every(2)]),
  sinks: [page, kept],
  seed: 1,
});

const url = new URL('/stream', await page.url());
url.protocol = 'ws';
const viewer = new WebSocket(url);
let frames = 0;
viewer.on('message', () => frames++);
await new Promise((resolve, reject) => viewer.once('open', resolve).once('error', reject));

await model.fit(x, y, { epochs: 4, batchSize: 16, verbose: 0 });
const response = await fetch(await page.url());
const html = await response.text();
const asset = await fetch(new URL(/src="([^"]+)"/.exec(html)[1], await page.url()));
await run.stop();
viewer.close();

console.log(
  JSON.stringify({
    node: process.version,
    failures: kept.failures.map(({ source, error }) => `${source}: ${error.message}`),
    unmeasured: probes
      .flatMap(({ measures }) => measures.map(({ name }) => name))
      .filter((name) => !kept.measurements.some((m) => m.name === name)),
    finite: kept.measurements.every(({ value }) => typeof value === 'object' || Number.isFinite(value)),
    page: response.status,
    script: asset.status,
    framed: frames > 0,
  }),
);
