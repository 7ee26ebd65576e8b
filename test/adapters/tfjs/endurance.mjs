import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import * as sharpstream from 'sharpstream';
import { instrument, logits, memory } from 'sharpstream/node';

/**
 * Trains with everything on, or untouched, and prints tensors and heap as it goes:
 * `node --expose-gc endurance.mjs STEPS MARKS watched|untouched`.
 */
const [steps, marks] = process.argv.slice(2).map(Number);
const watched = process.argv[4] === 'watched';
await tf.setBackend('cpu');

const network = () =>
  sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 3, activation: 'tanh' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
const [model, teacher] = [network(), network()];
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
const x = tf.randomNormal([4, 2]);
const y = tf.oneHot([0, 1, 1, 0], 2);
const on = { x, y };
const kept = memory({ limit: 1000 });
const { every } = sharpstream;
const everything = {
  interventions: [
    sharpstream.clipByGlobalNorm(5),
    sharpstream.sam({ rho: 0.05 }),
    sharpstream.sometimes(every(20), sharpstream.accumulate(2)),
    sharpstream.distillation({ teacher: logits(teacher), weight: 0.5 }),
    sharpstream.l2(1e-4),
  ],
  metrics: [
    [sharpstream.gradientNorm(), every(1)],
    [sharpstream.featureRank(), every(20)],
    [sharpstream.samSharpness(), every(20)],
    [sharpstream.confidence({ teacher: logits(teacher), on }), every(20)],
    [sharpstream.topEigenvalue({ maxProducts: 3 }), every(100)],
    [sharpstream.nmeNorm({ samples: 2 }), every(100)],
    [sharpstream.nmeTrace({ on, samples: 2 }), every(100)],
  ],
  sinks: [kept],
};
const run = watched ? instrument(model, everything) : undefined;
let failures = 0;
run?.failures.subscribe(() => failures++);
run?.steps.subscribe();

const samples = [];
for (let step = 1; step <= steps; step++) {
  await model.trainOnBatch(x, y);
  if (step % (steps / marks) !== 0) continue;
  // Once more for what only the first pass lets go.
  globalThis.gc();
  globalThis.gc();
  samples.push({ step, tensors: tf.memory().numTensors, heap: process.memoryUsage().heapUsed });
}
await run?.stop();
console.log(JSON.stringify({ samples, failures, measured: kept.measurements.length + kept.dropped() }));
