const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-layers'); // which registers the gradients of tfjs

const before = new Set(Object.keys(globalThis));
const library = require('sharpstream');
const curvature = require('sharpstream/curvature');
const { instrument } = require('sharpstream/tfjs');
const node = require('sharpstream/node');
const { openTelemetry } = require('sharpstream/opentelemetry');

tf.setBackend('cpu');
const w = tf.variable(tf.tensor1d([1, -2]), true, 'w');
const optimizer = tf.train.sgd(0.1);
const run = instrument(optimizer, { interventions: [library.sam({ rho: 0 })] });
// f = w·w / 2, so that a step of 0.1 takes a tenth of w away.
optimizer.minimize(() => tf.mul(0.5, tf.sum(tf.square(w))));
run.stop().then(() =>
  console.log(
    JSON.stringify({
      w: [...w.dataSync()].map((v) => Number(v.toFixed(6))),
      functions: [curvature.lanczos, node.dashboard, openTelemetry].map((f) => typeof f),
      newGlobals: Object.keys(globalThis).filter((key) => !before.has(key)),
    }),
  ),
);
